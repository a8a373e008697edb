"""The shape of what a convolution puts out."""

import pytest

from grader.checking import assert_equal

pytestmark = pytest.mark.idea("Output shape")


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("Without padding a 3 x 3 window has n - 3 + 1 places along an axis of n pixels.")
def test_shapes_of_the_lecture(submission):
    """A 3 x 3 window turns 10 x 10 pixels into 8 x 8, once for each filter."""
    assert_equal(submission.conv2d_output_shape((1, 10, 10), 1, (3, 3)), (1, 8, 8))
    assert_equal(submission.conv2d_output_shape((1, 10, 10), 5, (3, 3)), (5, 8, 8))
    assert_equal(submission.conv2d_output_shape((3, 10, 10), 5, (3, 3)), (5, 8, 8))


@pytest.mark.points(0.25)
@pytest.mark.hint("Try an image that is not square, and write down which number is which.")
def test_rectangular_image(submission, reference):
    """An image that is wider than high stays wider than high."""
    for arguments in [((3, 7, 12), 2, 3), ((2, 15, 6), 4, 5), ((6, 5, 4), 1, 1), ((8, 4, 9), 6, 4)]:
        assert_equal(submission.conv2d_output_shape(*arguments), reference.conv2d_output_shape(*arguments))


@pytest.mark.points(0.5)
@pytest.mark.hint("On how many sides of the image is padding added?")
def test_padding(submission, reference):
    """Padding widens the image on both sides."""
    assert_equal(submission.conv2d_output_shape((3, 10, 14), 4, 3, 1, 1), (4, 10, 14))
    for size, kernel_size, padding in [((1, 6, 9), 3, 2), ((2, 8, 5), 5, 3), ((1, 1, 1), 3, 1)]:
        assert_equal(
            submission.conv2d_output_shape(size, 3, kernel_size, padding=padding),
            reference.conv2d_output_shape(size, 3, kernel_size, padding=padding),
        )


@pytest.mark.points(0.5)
@pytest.mark.hint("What becomes of the pixels at the end, where the window cannot take another whole step?")
def test_stride(submission, reference):
    """A last step that would leave the image is not taken."""
    for size, kernel_size, stride in [
        ((1, 9, 11), 3, 2),
        ((1, 10, 12), 3, 2),
        ((3, 10, 13), 2, 3),
        ((2, 11, 8), 4, 5),
        ((1, 6, 7), 1, 4),
    ]:
        assert_equal(
            submission.conv2d_output_shape(size, 2, kernel_size, stride),
            reference.conv2d_output_shape(size, 2, kernel_size, stride),
        )


@pytest.mark.points(0.75)
@pytest.mark.hint("In a pair the first number is vertical: it belongs to the height.")
def test_pairs(submission, reference):
    """Kernel size, stride and padding may differ between the vertical and the horizontal direction."""
    for kernel_size, stride, padding in [
        ((2, 5), 1, 0),
        (3, (1, 3), 0),
        (3, 1, (0, 2)),
        ((4, 1), (3, 2), (2, 0)),
        ((1, 3), (2, 2), (0, 1)),
    ]:
        arguments = {"kernel_size": kernel_size, "stride": stride, "padding": padding}
        assert_equal(
            submission.conv2d_output_shape(input_shape=(3, 12, 16), filters=7, **arguments),
            reference.conv2d_output_shape(input_shape=(3, 12, 16), filters=7, **arguments),
        )
