"""Each check tests one idea; its first line is the title that a student reads."""

import numpy as np
import pytest

from grader.checking import assert_close, assert_equal, fetch, printed


@pytest.mark.public
@pytest.mark.points(2)
@pytest.mark.idea("Reading")
@pytest.mark.hint("A row of csv.DictReader is a dict of texts; a column is one value of each row, as numbers.")
def test_the_columns(submission, reference):
    """read_table gives each column of data/days.csv by its name."""
    assert_close(submission.read_table("data/days.csv"), reference.read_table("data/days.csv"))


@pytest.mark.points(1)
@pytest.mark.idea("Printing")
@pytest.mark.hint("Are there two digits after the point if the mean is 3, and is the last of them rounded?")
def test_the_means(submission, reference):
    """show_means prints name and mean of each column."""
    table = {"a": np.array([1.0, 2.0, 4.0]), "b": np.array([3.0, 3.0]), "c": np.array([-0.5, 1.0])}
    assert_equal(printed(submission.show_means, table), printed(reference.show_means, table))


@pytest.mark.points(1)
@pytest.mark.idea("Reading off")
@pytest.mark.hint("Python counts rows from 0. How does the column `day` count?")
def test_the_warmest_day(submission, reference):
    """WARMEST_DAY is the day with the highest temperature."""
    assert_equal(fetch(submission.WARMEST_DAY), reference.WARMEST_DAY)
