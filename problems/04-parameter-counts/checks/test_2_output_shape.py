"""The shape of what a convolution puts out."""

import pytest

from grader.checking import assert_each_equal, call

pytestmark = pytest.mark.idea("Output shape")


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("Without padding a 3 x 3 window has n - 3 + 1 places along an axis of n pixels.")
def test_shapes_of_the_lecture(submission):
    """A 3 x 3 window turns 10 x 10 pixels into 8 x 8, once for each filter."""
    calls = [((1, 10, 10), 1, (3, 3)), ((1, 10, 10), 5, (3, 3)), ((3, 10, 10), 5, (3, 3))]
    assert_each_equal(submission.conv2d_output_shape, [(1, 8, 8), (5, 8, 8), (5, 8, 8)], calls)


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("A padding of 1 adds a pixel at both ends of an axis.")
def test_padding_keeps_the_size(submission):
    """With a padding of 1 a 3 x 3 window leaves 10 x 14 pixels as many."""
    assert_each_equal(submission.conv2d_output_shape, [(4, 10, 14)], [call((3, 10, 14), 4, 3, padding=1)])


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("On 8 pixels a window of 3 with stride 2 starts at 0, 2 and 4; from 6 on it would not fit.")
def test_a_step_that_does_not_fit(submission):
    """With stride 2 a 3 x 3 window has 3 places on 8 pixels."""
    assert_each_equal(submission.conv2d_output_shape, [(1, 3, 3)], [call((1, 8, 8), 1, 3, stride=2)])


@pytest.mark.points(0.25)
@pytest.mark.hint("Try an image that is not square, and write down which number is which.")
def test_rectangular_image(submission, reference):
    """An image that is wider than high stays wider than high."""
    calls = [((3, 7, 12), 2, 3), ((2, 15, 6), 4, 5), ((6, 5, 4), 1, 1), ((8, 4, 9), 6, 4)]
    assert_each_equal(submission.conv2d_output_shape, reference.conv2d_output_shape, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("On how many sides of the image is padding added?")
def test_padding(submission, reference):
    """Padding widens the image on both sides."""
    calls = [
        call((3, 11, 13), 4, 3, 1, 1),
        call((1, 6, 9), 3, 3, padding=2),
        call((2, 8, 5), 3, 5, padding=3),
        call((1, 1, 1), 3, 3, padding=1),
    ]
    assert_each_equal(submission.conv2d_output_shape, reference.conv2d_output_shape, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("What becomes of the pixels at the end, where the window cannot take another whole step?")
def test_stride(submission, reference):
    """A last step that would leave the image is not taken."""
    calls = [
        ((1, 9, 11), 2, 3, 2),
        ((1, 10, 12), 2, 3, 2),
        ((3, 10, 13), 2, 2, 3),
        ((2, 11, 8), 2, 4, 5),
        ((1, 6, 7), 2, 1, 4),
    ]
    assert_each_equal(submission.conv2d_output_shape, reference.conv2d_output_shape, calls)


@pytest.mark.points(0.75)
@pytest.mark.hint("In a pair the first number is vertical: it belongs to the height.")
def test_pairs(submission, reference):
    """Kernel size, stride and padding may differ between the vertical and the horizontal direction."""
    windows = [
        ((2, 5), 1, 0),
        (3, (1, 3), 0),
        (3, 1, (0, 2)),
        ((4, 1), (3, 2), (2, 0)),
        ((1, 3), (2, 2), (0, 1)),
    ]
    calls = [
        call(input_shape=(3, 12, 16), filters=7, kernel_size=kernel_size, stride=stride, padding=padding)
        for kernel_size, stride, padding in windows
    ]
    assert_each_equal(submission.conv2d_output_shape, reference.conv2d_output_shape, calls)
