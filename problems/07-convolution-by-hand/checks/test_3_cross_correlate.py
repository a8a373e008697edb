"""One kernel on one image."""

import pytest
import torch

from grader.checking import assert_close, assert_each_close, assert_equal, call, fetch, kept, sliding_window

FOUR = torch.tensor(
    [[0.0, 1, 0, 1, 0], [0, 1, 0, 1, 0], [0, 1, 1, 1, 0], [0, 0, 0, 1, 0], [0, 0, 0, 1, 0]],
)
SAY = "adds up the products of the kernel with"
VERTICAL_LINE = torch.tensor([[0.0, 1, 0], [0, 1, 0], [0, 1, 0]])


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("At the top left, three products are 1 and six are 0.")
@pytest.mark.idea("One kernel on one image")
def test_vertical_lines_in_the_lectures_four(submission, reference):
    """The vertical-line kernel finds the lines of the lecture's 4, with 3 at the top left."""
    expected = reference.cross_correlate(FOUR, VERTICAL_LINE)
    answer = submission.cross_correlate(FOUR, VERTICAL_LINE)
    assert_close(answer, expected, window=sliding_window(FOUR, 3, say=SAY, weights=VERTICAL_LINE))


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("The upper left value of the kernel meets the upper left pixel of the window.")
@pytest.mark.idea("One kernel on one image")
def test_kernel_is_not_flipped(submission, reference):
    """The kernel [[1, 2], [0, 0]] is laid on the image as it is, not turned round."""
    image = torch.tensor([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]])
    kernel = torch.tensor([[1.0, 2], [0, 0]])
    expected = reference.cross_correlate(image, kernel)
    answer = submission.cross_correlate(image, kernel)
    assert_close(answer, expected, window=sliding_window(image, 2, say=SAY, weights=kernel))


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("On 4 rows a kernel of 2 has 3 places; on 6 columns a kernel of 3 has 4.")
@pytest.mark.idea("One kernel on one image")
def test_ones_on_ones(submission):
    """A (2, 3) kernel of ones on a (4, 6) image of ones gives a (3, 4) map of sixes."""
    assert_close(submission.cross_correlate(torch.ones(4, 6), torch.ones(2, 3)), torch.full((3, 4), 6.0))


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("With stride 2 the kernel stands at rows 0 and 2, and at columns 0 and 2.")
@pytest.mark.idea("Stride and padding")
def test_every_other_place_in_the_lectures_four(submission, reference):
    """With stride 2 the vertical-line kernel gives [[3, 3], [1, 3]] on the lecture's 4."""
    expected = reference.cross_correlate(FOUR, VERTICAL_LINE, stride=2)
    answer = submission.cross_correlate(FOUR, VERTICAL_LINE, stride=2)
    assert_close(answer, expected, window=sliding_window(FOUR, 3, stride=2, say=SAY, weights=VERTICAL_LINE))


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("With padding 1 the kernel's middle stands on every pixel once.")
@pytest.mark.idea("Stride and padding")
def test_padding_keeps_the_lectures_four_5_by_5(submission, reference):
    """With padding 1 the feature map of the lecture's 4 is as large as the image."""
    expected = reference.cross_correlate(FOUR, VERTICAL_LINE, padding=1)
    answer = submission.cross_correlate(FOUR, VERTICAL_LINE, padding=1)
    assert_close(answer, expected, window=sliding_window(FOUR, 3, padding=1, say=SAY, weights=VERTICAL_LINE))


@pytest.mark.points(0.25)
@pytest.mark.hint("Each pixel of the window is multiplied with the kernel value on top of it; then add up.")
@pytest.mark.idea("One kernel on one image")
def test_any_numbers(submission, reference, draw):
    """Fractions and negative numbers are multiplied and added like any others."""
    image, kernel = draw.normal(6, 6), draw.normal(3, 3)
    expected = reference.cross_correlate(image, kernel)
    assert_close(submission.cross_correlate(image, kernel), expected)


@pytest.mark.points(0.25)
@pytest.mark.hint("Take height and width of image and kernel each from its own shape.")
@pytest.mark.idea("One kernel on one image")
def test_rectangles(submission, reference, draw):
    """Neither the image nor the kernel need be square."""
    image = draw.normal(5, 8)
    calls = [(image, draw.normal(3, 2)), (image, draw.normal(2, 4))]
    assert_each_close(submission.cross_correlate, reference.cross_correlate, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Output row i looks at the image from row i * stride on.")
@pytest.mark.idea("Stride and padding")
def test_stride(submission, reference, draw):
    """With a stride the kernel moves on by that many pixels, also when they do not come out even."""
    kernel = draw.normal(3, 3)
    calls = [(draw.normal(size, size), kernel, stride) for size, stride in [(9, 2), (8, 3), (8, 2)]]
    assert_each_close(submission.cross_correlate, reference.cross_correlate, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("The result of padding 1 and a 3 x 3 kernel is as large as the image.")
@pytest.mark.idea("Stride and padding")
def test_padding(submission, reference, draw):
    """With padding, the kernel also visits the border of the image and a frame of zeros."""
    image, kernel = draw.normal(5, 5), draw.normal(3, 3)
    calls = [(image, kernel, 1, padding) for padding in (1, 2)]
    assert_each_close(submission.cross_correlate, reference.cross_correlate, calls)


@pytest.mark.points(0.5)
@pytest.mark.hint("Pad first, then count the places on the padded image.")
@pytest.mark.idea("Stride and padding")
def test_stride_and_padding_together(submission, reference, draw):
    """The kernel slides with stride and padding together, by position and by name."""
    image, kernel = draw.normal(7, 10), draw.normal(3, 2)
    calls = [call(image, kernel, 3, 2), call(image=image, kernel=kernel, padding=1, stride=2)]
    assert_each_close(submission.cross_correlate, reference.cross_correlate, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("The result always has two axes, of length 1 if need be.")
@pytest.mark.idea("One kernel on one image")
def test_smallest_cases(submission, reference, draw):
    """A kernel as large as the image, and a kernel of one value, give (1, 1) and (H, W)."""
    image = draw.normal(3, 4)
    calls = [(image, draw.normal(3, 4)), (image, draw.normal(1, 1))]
    assert_each_close(submission.cross_correlate, reference.cross_correlate, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("A transposed tensor is the same memory in another order: ask x.stride(), or use reshape.")
@pytest.mark.idea("Memory and side effects")
def test_transposed_tensors(submission, reference, library, draw):
    """Image and kernel may lie in memory another way, such as transposed ones."""
    image, kernel = draw.normal(6, 6), draw.normal(3, 3)
    expected = reference.cross_correlate(image.t(), kernel.t())
    transposed = [kept(library.put(tensor).t)() for tensor in (image, kernel)]
    assert_close(submission.cross_correlate(*transposed), expected)


@pytest.mark.points(0.25)
@pytest.mark.hint("A slice of the image is a view: writing into it, as *= does, writes into the image.")
@pytest.mark.idea("Memory and side effects")
def test_no_side_effects(submission, reference, library, draw):
    """A call changes neither image nor kernel, nor an earlier answer."""
    first, second, kernel = draw.normal(4, 4), draw.normal(4, 4), draw.normal(3, 3)
    in_room = [library.put(tensor) for tensor in (first, kernel)]
    kept_answer = kept(submission.cross_correlate)(*in_room)
    other = submission.cross_correlate(second, kernel)
    answer, *afterwards = fetch(kept_answer, *in_room)
    assert_equal(afterwards[0], first)
    assert_equal(afterwards[1], kernel)
    assert_close(answer, reference.cross_correlate(first, kernel))
    assert_close(other, reference.cross_correlate(second, kernel))
