import pytest

from grader.checking import assert_equal


@pytest.mark.public
def test_a_list(submission):
    """Three numbers."""
    assert_equal(submission.total([1, 2, 3]), 6)


@pytest.mark.hint("What is the sum of nothing?")
def test_nothing(submission):
    """The sum of no numbers."""
    assert_equal(submission.total([]), 0)
