"""How many windows fit along one axis."""

import pytest

from grader.checking import assert_each_equal, call

pytestmark = pytest.mark.idea("Output size")


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("Without a stride, each window starts where the one before it ended.")
def test_windows_side_by_side(submission, reference):
    """28 pixels hold 14 windows of 2, and 9 pixels hold 3 windows of 3."""
    assert_each_equal(submission.pool_output_size, reference.pool_output_size, [(28, 2), (4, 2), (9, 3)])


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("In 5 pixels, two windows of 2 are whole and a third would have one pixel only.")
def test_floor_unless_ceil_mode(submission):
    """5 pixels hold 2 whole windows of 2; with ceil_mode the broken third one counts as well."""
    calls = [call(5, 2), call(5, 2, ceil_mode=True), call(6, 2, ceil_mode=True)]
    assert_each_equal(submission.pool_output_size, [2, 3, 3], calls)


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("The windows start at 0 and 3. Where would a third one start?")
def test_no_window_behind_the_last_pixel(submission):
    """With ceil_mode, 5 pixels hold 2 windows of 1 with stride 3: a third would start behind the last pixel."""
    assert_each_equal(submission.pool_output_size, [2], [call(5, 1, stride=3, ceil_mode=True)])


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("Three pixels with a gap between each two: over how many pixels do they reach?")
def test_a_window_with_gaps(submission):
    """A window of 3 with dilation 2 reaches over 5 pixels, so it has 3 places on 7."""
    assert_each_equal(submission.pool_output_size, [3], [call(7, 3, stride=1, dilation=2)])


@pytest.mark.points(0.25)
@pytest.mark.hint("The stride is how far the window moves; it may be smaller or larger than the window.")
def test_stride_given(submission, reference):
    """A stride of its own makes windows overlap or leaves gaps between them."""
    calls = [(10, 3, 1), (11, 3, 2), (28, 2, 1), (12, 2, 5), (7, 3, 2, 0, 1, True), (9, 5, 2, 1, 1, True)]
    assert_each_equal(submission.pool_output_size, reference.pool_output_size, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Padding is added in front of the axis and behind it.")
def test_padding_on_both_sides(submission, reference):
    """Padding lengthens the axis at both of its ends."""
    calls = [(8, 3, 1, 1), (8, 4, 4, 2), (8, 4, 2, 1), (28, 5, 1, 2)]
    assert_each_equal(submission.pool_output_size, reference.pool_output_size, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Draw a window of 3 with dilation 2 and count the pixels from its first to its last one.")
def test_dilation_spreads_the_window(submission, reference):
    """With dilation a window reaches further, without holding more pixels."""
    calls = [(10, 3, 1, 0, 2), (13, 3, 2, 0, 3), (9, 2, 1, 0, 5), (9, 1, 2, 0, 4)]
    assert_each_equal(submission.pool_output_size, reference.pool_output_size, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Where would the last window start? It has to start before the padding at the far end.")
def test_last_window_starts_in_the_image(submission, reference):
    """With ceil_mode, a last window that would start beyond the image is left out."""
    axes = [(6, 1, 4, 0), (3, 2, 2, 1), (7, 4, 2, 1), (4, 3, 2, 1), (5, 2, 3, 1), (7, 2, 4, 1), (10, 4, 3, 2)]
    calls = [call(*numbers, ceil_mode=True) for numbers in axes]
    assert_each_equal(submission.pool_output_size, reference.pool_output_size, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Try each parameter by its name, and several of them together.")
def test_all_numbers_together(submission, reference):
    """All numbers of an axis work together, by position and by name."""
    by_position = [(12, 3, 4, 1, 2, True), (12, 3, 4, 1, 2, False), (20, 4, 3, 2, 3, True)]
    by_name = call(size=9, kernel_size=2, padding=1, ceil_mode=True)
    assert_each_equal(submission.pool_output_size, reference.pool_output_size, [*by_position, by_name])
