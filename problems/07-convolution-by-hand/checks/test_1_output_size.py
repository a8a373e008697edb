"""How many places there are along one axis."""

import pytest

from grader.checking import assert_each_equal, call

pytestmark = pytest.mark.idea("Output size")


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("A kernel of 3 on 5 pixels can start at pixel 0, 1 or 2.")
def test_kernel_moves_by_one(submission, reference):
    """A kernel of 3 fits at 3 places on 5 pixels and at 8 on 10; a kernel of 5 at 24 on 28."""
    assert_each_equal(submission.conv_output_size, reference.conv_output_size, [(5, 3), (10, 3), (28, 5)])


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("On 6 pixels a kernel of 3 with stride 2 starts at 0 and 2; from 4 on it would not fit.")
def test_a_step_that_does_not_fit(submission):
    """With stride 2 a kernel of 3 has 2 places on 6 pixels."""
    assert_each_equal(submission.conv_output_size, [2], [call(6, 3, stride=2)])


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("Padding 1 makes 30 pixels of 28.")
def test_padding_keeps_the_size(submission):
    """With padding 1 a kernel of 3 has as many places as there are pixels: 28."""
    assert_each_equal(submission.conv_output_size, [28], [call(28, 3, padding=1)])


@pytest.mark.points(0.25)
@pytest.mark.hint("A place counts if the whole kernel fits there: what remains of a step is dropped.")
def test_stride(submission, reference):
    """A larger stride leaves fewer places; pixels too few for one more step are dropped."""
    calls = [(9, 3, 2), (8, 3, 2), (10, 3, 3), (7, 2, 3), (28, 5, 4)]
    assert_each_equal(submission.conv_output_size, reference.conv_output_size, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Padding is added in front of the axis and behind it.")
def test_padding_on_both_sides(submission, reference):
    """Padding lengthens the axis at both of its ends."""
    calls = [(14, 3, 1, 1), (5, 5, 1, 2), (8, 1, 1, 3)]
    assert_each_equal(submission.conv_output_size, reference.conv_output_size, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Try stride and padding together, by position and by name.")
def test_stride_and_padding_together(submission, reference):
    """Places are counted with stride and padding together, by position and by name."""
    calls = [call(9, 4, 3, 1), call(size=12, kernel_size=5, stride=4, padding=2)]
    assert_each_equal(submission.conv_output_size, reference.conv_output_size, calls)
