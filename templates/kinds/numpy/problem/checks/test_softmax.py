"""Each check tests one idea; its first line is the title that a student reads."""

import numpy as np
import pytest

from grader.checking import assert_close, assert_equal, fetch


@pytest.mark.public
@pytest.mark.points(2)
@pytest.mark.idea("Probabilities")
@pytest.mark.hint("exp of each logit, divided by the sum over its own row.")
def test_each_row_is_a_distribution(submission, reference, draw):
    """Each row becomes probabilities that add up to 1."""
    logits = draw.normal(3, 4).double().numpy()
    assert_close(submission.softmax(logits), reference.softmax(logits))


@pytest.mark.points(1)
@pytest.mark.idea("Large logits")
@pytest.mark.hint("What is np.exp(1000.0), and what is left if you take the largest logit of the row away?")
def test_large_logits(submission, reference):
    """Large logits are no harder than small ones."""
    logits = np.array([[1000.0, 999.0], [-2000.0, -2001.0]])
    assert_close(submission.softmax(logits), reference.softmax(logits))


@pytest.mark.points(1)
@pytest.mark.idea("Side effects")
@pytest.mark.hint("`logits -= ...` writes into an array. Whose is it?")
def test_the_array_is_left_alone(submission, reference, library, draw):
    """The array that is given stays as it is."""
    logits = draw.normal(2, 3).double().numpy()
    given = library.put(logits)
    answer = submission.softmax(given)
    assert_equal(fetch(given), logits)
    assert_close(answer, reference.softmax(logits))
