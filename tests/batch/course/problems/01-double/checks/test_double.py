import pytest

from grader.checking import assert_close, assert_equal


@pytest.mark.public
def test_a_number(submission):
    """Three becomes six."""
    assert_equal(submission.double(3), 6)


@pytest.mark.hint("What is twice a number below zero?")
def test_a_negative_number(submission):
    """Below zero it goes further down."""
    assert_equal(submission.double(-2), -4)


@pytest.mark.points(2)
@pytest.mark.hint("A tensor can be multiplied as a whole.")
def test_a_tensor(submission, reference, draw):
    """A tensor is doubled everywhere."""
    x = draw.normal(2, 3)
    assert_close(submission.double(x), reference.double(x))
