"""Several channels, several filters, a bias for each."""

import pytest
import torch

from grader.checking import assert_close, assert_each_close, assert_equal, call, fetch, kept

FOUR = torch.tensor(
    [[0.0, 1, 0, 1, 0], [0, 1, 0, 1, 0], [0, 1, 1, 1, 0], [0, 0, 0, 1, 0], [0, 0, 0, 1, 0]],
)
LINES = torch.tensor([[[[0.0, 1, 0], [0, 1, 0], [0, 1, 0]]], [[[0.0, 0, 0], [1, 1, 1], [0, 0, 0]]]])


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("Each filter gives one feature map; the maps are stacked along the first axis.")
@pytest.mark.idea("Channels, filters and bias")
def test_two_filters_on_the_lectures_four(submission, reference):
    """One filter finds the vertical lines of the 4, the other one its horizontal line."""
    image = FOUR[None]
    assert_close(submission.conv2d_by_hand(image, LINES), reference.conv2d_by_hand(image, LINES))


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("The bias of a filter is added to every place of its own map.")
@pytest.mark.idea("Channels, filters and bias")
def test_a_bias_for_the_horizontal_line(submission, reference):
    """A bias of -2 leaves the horizontal filter one positive response on the lecture's 4: at the bar."""
    image, bias = FOUR[None], torch.tensor([0.0, -2.0])
    assert_close(submission.conv2d_by_hand(image, LINES, bias=bias), reference.conv2d_by_hand(image, LINES, bias=bias))


@pytest.mark.points(0.5)
@pytest.mark.hint("The filter has a kernel for each channel. How do three responses become one number?")
@pytest.mark.idea("Channels, filters and bias")
def test_channels_are_added_up(submission, reference, draw):
    """One filter on a colour image gives one map: the responses of its channels are added up."""
    image, filters = draw.normal(3, 6, 6), draw.normal(1, 3, 3, 3)
    assert_close(submission.conv2d_by_hand(image, filters), reference.conv2d_by_hand(image, filters))


@pytest.mark.points(0.5)
@pytest.mark.hint("The number of filters and of channels need not agree. Every filter sees every channel.")
@pytest.mark.idea("Channels, filters and bias")
def test_filters_and_channels(submission, reference, draw):
    """Any number of filters and channels, rectangular images and kernels."""
    calls = [(draw.normal(2, 5, 7), draw.normal(4, 2, 3, 2)), (draw.normal(3, 5, 7), draw.normal(2, 3, 2, 4))]
    assert_each_close(submission.conv2d_by_hand, reference.conv2d_by_hand, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("One number per filter, added once to every place of its map.")
@pytest.mark.idea("Channels, filters and bias")
def test_bias(submission, reference, draw):
    """Each filter has its own bias, zero or not, which is added once to every place of its map."""
    image, filters, bias = draw.normal(2, 5, 5), draw.normal(3, 2, 3, 3), draw.normal(3)
    calls = [(image, filters, bias), (image, filters, bias * torch.tensor([1.0, 0.0, 1.0]))]
    assert_each_close(submission.conv2d_by_hand, reference.conv2d_by_hand, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Try bias=None, and arguments by name.")
@pytest.mark.idea("Channels, filters and bias")
def test_bias_may_be_left_out(submission, reference, draw):
    """The bias may be None, and arguments may be named."""
    image, filters, bias = draw.normal(2, 4, 4), draw.normal(4, 2, 2, 2), draw.normal(4)
    named = {"image": image, "filters": filters}
    # After a call with a bias, one without must not remember it.
    calls = [call(image, filters, None), call(**named, bias=bias), call(**named), call(**named, bias=None)]
    assert_each_close(submission.conv2d_by_hand, reference.conv2d_by_hand, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("The result always has three axes, of length 1 if need be.")
@pytest.mark.idea("Channels, filters and bias")
def test_smallest_cases(submission, reference, draw):
    """Filters as large as the image, and filters of 1 x 1, keep all three axes."""
    image = draw.normal(2, 3, 4)
    calls = [(image, draw.normal(3, 2, 3, 4)), (image, draw.normal(1, 2, 1, 1))]
    assert_each_close(submission.conv2d_by_hand, reference.conv2d_by_hand, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("An image that was (H, W, C) before permute is the same memory in another order; reshape copes.")
@pytest.mark.idea("Memory and side effects")
def test_permuted_image(submission, reference, library, draw):
    """Images and filters that lie in memory in another order, such as channels last, give the same feature maps."""
    image, filters = draw.normal(5, 6, 2), draw.normal(2, 3, 3, 2)
    for order in [(2, 0, 1), (2, 1, 0)]:
        permuted = kept(library.put(image).permute)(*order), kept(library.put(filters).permute)(0, 3, 1, 2)
        expected = reference.conv2d_by_hand(image.permute(*order), filters.permute(0, 3, 1, 2))
        assert_close(submission.conv2d_by_hand(*permuted), expected)


@pytest.mark.points(0.25)
@pytest.mark.hint("Collect sums in new tensors, not in the image, the filters or the bias.")
@pytest.mark.idea("Memory and side effects")
def test_no_side_effects(submission, reference, library, draw):
    """A call changes neither image, filters nor bias, nor an earlier answer."""
    inputs = draw.normal(2, 4, 4), draw.normal(3, 2, 3, 3), draw.normal(3)
    second = draw.normal(2, 4, 4)
    in_room = [library.put(tensor) for tensor in inputs]
    kept_answer = kept(submission.conv2d_by_hand)(*in_room)
    other = submission.conv2d_by_hand(second, *inputs[1:])
    answer, *afterwards = fetch(kept_answer, *in_room)
    for now, before in zip(afterwards, inputs, strict=True):
        assert_equal(now, before)
    assert_close(answer, reference.conv2d_by_hand(*inputs))
    assert_close(other, reference.conv2d_by_hand(second, *inputs[1:]))
