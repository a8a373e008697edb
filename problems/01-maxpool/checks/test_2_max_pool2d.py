"""The operation itself."""

import pytest
import torch
import torch.nn.functional as F

from grader.checking import assert_close, assert_each_close, assert_equal, call, fetch, kept, sliding_window

SAY = "takes the largest of"
LECTURE = torch.tensor([[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]).reshape(1, 1, 4, 4)


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("The four windows of 2 x 2 lie side by side; write down the largest pixel of each.")
@pytest.mark.idea("The lecture's figures")
def test_lecture_image(submission, reference):
    """The lecture's 4 x 4 image becomes 6, 8, 3, 4."""
    expected = reference.max_pool2d(LECTURE, 2)
    answer = submission.max_pool2d(LECTURE, 2)
    assert_close(answer, expected, window=sliding_window(LECTURE, 2, stride=2, say=SAY))


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("With stride 1 a window of 2 has three places to stand in each direction.")
@pytest.mark.idea("The lecture's figures")
def test_overlapping_windows(submission, reference):
    """With stride 1, the windows overlap and the same image gives 3 x 3 maxima."""
    expected = reference.max_pool2d(LECTURE, 2, stride=1)
    answer = submission.max_pool2d(LECTURE, 2, stride=1)
    assert_close(answer, expected, window=sliding_window(LECTURE, 2, stride=1, say=SAY))


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("The window (1, 4) is one row high, and as wide as the image.")
@pytest.mark.idea("Windows of every kind")
def test_a_window_of_one_row(submission, reference):
    """A window of (1, 4) takes the maximum of each row of the lecture's image."""
    expected = reference.max_pool2d(LECTURE, (1, 4))
    answer = submission.max_pool2d(LECTURE, (1, 4))
    assert_close(answer, expected, window=sliding_window(LECTURE, (1, 4), stride=(1, 4), say=SAY))


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("With dilation 2 the first window looks at pixels 0, 2 and 4.")
@pytest.mark.idea("Windows of every kind")
def test_a_window_with_gaps(submission, reference):
    """A window of (1, 3) with dilation 2 looks at every other pixel of a row."""
    row = torch.tensor([[[[9.0, 1, 2, 8, 3, 4, 5]]]])
    expected = reference.max_pool2d(row, (1, 3), stride=1, dilation=2)
    answer = submission.max_pool2d(row, (1, 3), stride=1, dilation=2)
    window = sliding_window(row, (1, 3), stride=1, dilation=(1, 2), say=SAY)
    assert_close(answer, expected, window=window)


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("Pooling shrinks height and width; there are as many images and channels afterwards as before.")
@pytest.mark.idea("Windows of every kind")
def test_a_batch_keeps_its_images_and_channels(submission):
    """A batch of three images with two channels, 28 x 28, becomes (3, 2, 14, 14)."""
    assert_close(submission.max_pool2d(torch.zeros(3, 2, 28, 28), 2), torch.zeros(3, 2, 14, 14))


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("Which number is below every pixel, however negative that is?")
@pytest.mark.idea("Padding")
def test_padding_around_negative_pixels(submission, reference):
    """Around an image of negative pixels the padding wins nowhere."""
    negative = torch.tensor([[[[-3.0, -4.0], [-5.0, -2.0]]]])
    expected = reference.max_pool2d(negative, 2, stride=1, padding=1)
    answer = submission.max_pool2d(negative, 2, stride=1, padding=1)
    assert_close(answer, expected, window=sliding_window(negative, 2, stride=1, padding=1, say=SAY))


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("Stay with tensor operations: item(), numpy and torch.tensor forget where a number came from.")
@pytest.mark.idea("Gradients, dtype and memory")
def test_the_winner_gets_the_gradient(submission, library):
    """Of the window 1, 5, 2, 3 the 5 alone gets a gradient."""
    image = library.put(torch.tensor([[[[1.0, 5.0], [2.0, 3.0]]]], requires_grad=True))
    y = kept(submission.max_pool2d)(image, 2)
    found = library.define(TOOLS).gradient(image, y, torch.ones(1, 1, 1, 1))
    assert found is not False, "the result does not require grad, although the image does"
    assert isinstance(found, torch.Tensor), "no gradient reached the image"
    assert_close(found, torch.tensor([[[[0.0, 1.0], [0.0, 0.0]]]]))


@pytest.mark.points(0.25)
@pytest.mark.hint("Pooling shrinks height and width only. N and C are as large afterwards as before.")
@pytest.mark.idea("Windows of every kind")
def test_images_and_channels_stay_apart(submission, reference, draw):
    """Each channel of each image is pooled by itself."""
    x = draw.normal(2, 3, 9, 9)
    answer = submission.max_pool2d(x, 3, 3)
    assert_close(answer, reference.max_pool2d(x, 3, 3), window=sliding_window(x, 3, stride=3, say=SAY))


@pytest.mark.points(0.25)
@pytest.mark.hint("A pair is (vertical, horizontal), as H comes before W. Images need not be square.")
@pytest.mark.idea("Windows of every kind")
def test_rectangular_windows(submission, reference, draw):
    """Rectangular windows on a rectangular image: the first number is the height."""
    x = draw.normal(1, 2, 6, 8)
    assert_each_close(submission.max_pool2d, reference.max_pool2d, [(x, (3, 2)), (x, (2, 4))])


@pytest.mark.points(0.25)
@pytest.mark.hint("Each direction has its own stride. Pixels at the end that fill no window are dropped.")
@pytest.mark.idea("Windows of every kind")
def test_stride_pairs(submission, reference, draw):
    """A stride of its own for each direction, also one that does not divide the image."""
    x = draw.normal(2, 1, 9, 12)
    assert_each_close(submission.max_pool2d, reference.max_pool2d, [(x, 3, (2, 4)), (x, 3, (4, 2)), (x, 2, 3)])


@pytest.mark.points(0.5)
@pytest.mark.hint("(p, q) adds p rows above and below, and q columns left and right.")
@pytest.mark.idea("Padding")
def test_padding_pairs(submission, reference, draw):
    """Padding is added on all four sides, rows and columns by their own number."""
    x = draw.uniform(1, 2, 6, 9) + 1  # positive: what the padding holds is asked by another check
    calls = [(x, (4, 3), (3, 2), (2, 0)), (x, (2, 5), (2, 1), (0, 2)), (x, 4, 1, 2)]
    assert_each_close(submission.max_pool2d, reference.max_pool2d, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Pool an image of negative pixels only. Is there a number that is below every pixel?")
@pytest.mark.idea("Padding")
def test_padding_never_wins(submission, reference, draw):
    """Padding never wins, however negative the pixels are."""
    x = draw.uniform(1, 2, 5, 5)
    images = [-1 - x, -3e38 * (1 + 0.1 * x)]
    calls = [call(image, 3, stride=2, padding=1) for image in images]
    assert_each_close(submission.max_pool2d, reference.max_pool2d, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("A pixel may be 0 itself, as many are after a ReLU. What tells it from the padding?")
@pytest.mark.idea("Padding")
def test_zero_is_a_pixel(submission, reference, draw):
    """A pixel that is 0 counts like any other, inside the image and beside the padding."""
    x = draw.normal(1, 2, 6, 6).clamp(min=0)
    x[..., :3, :3] = 0
    assert_each_close(submission.max_pool2d, reference.max_pool2d, [(x, 3, 3, 0), (x, 3, 1, 1), (x, 2, 2, 1)])


@pytest.mark.points(0.25)
@pytest.mark.hint("With dilation d, a window looks at every d-th pixel, and still at as many as before.")
@pytest.mark.idea("Windows of every kind")
def test_dilation_pairs(submission, reference, draw):
    """With dilation a window skips pixels, in each direction by its own step."""
    x = draw.normal(1, 2, 9, 11)
    windows = [((3, 2), 1, (2, 5)), (3, 2, (1, 3)), (2, (2, 1), 3)]
    calls = [call(x, kernel_size, stride, dilation=dilation) for kernel_size, stride, dilation in windows]
    assert_each_close(submission.max_pool2d, reference.max_pool2d, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("With ceil_mode a window that hangs over the edge counts, with the pixels it has.")
@pytest.mark.idea("Output size")
def test_ceil_mode_keeps_broken_windows(submission, reference, draw):
    """With ceil_mode, the windows that hang over the far edge count as well."""
    x = draw.uniform(2, 1, 8, 8) + 1
    windows = [(3, None), (3, 2), (4, 3)]
    calls = [call(x, kernel_size, stride, ceil_mode=True) for kernel_size, stride in windows]
    assert_each_close(submission.max_pool2d, reference.max_pool2d, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Pool an image of negative pixels with ceil_mode. What do you take for the pixels it lacks?")
@pytest.mark.idea("Padding")
def test_missing_pixels_never_win(submission, reference, draw):
    """With ceil_mode, a broken window has the maximum of the pixels that it has, however negative they are."""
    x = -1 - draw.uniform(1, 2, 6, 8)
    calls = [call(x, 4, 3, ceil_mode=True), call(x, (3, 2), (4, 5), ceil_mode=True)]
    assert_each_close(submission.max_pool2d, reference.max_pool2d, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("A window of nothing but padding has no maximum; pool_output_size counts without it.")
@pytest.mark.idea("Output size")
def test_ceil_mode_drops_empty_windows(submission, reference, draw):
    """With ceil_mode, a window that would hold padding only does not count."""
    x = draw.uniform(1, 2, 5, 5) + 1
    windows = [(5, 1, 3, 0), (3, 2, 2, 1), (4, 3, 2, 1)]
    calls = [call(x[..., :size, :size], *numbers, ceil_mode=True) for size, *numbers in windows]
    assert_each_close(submission.max_pool2d, reference.max_pool2d, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Which dtype does a new tensor get when you name none?")
@pytest.mark.idea("Gradients, dtype and memory")
def test_float64_stays_float64(submission, reference, draw):
    """A float64 image gives a float64 result, with all its digits and its whole range."""
    x = 1 + 1e-12 * draw.integers(0, 100, (1, 2, 6, 6)).double()
    vast = -1e300 * (1 + draw.uniform(1, 1, 5, 5).double())
    assert_each_close(submission.max_pool2d, reference.max_pool2d, [(x, 2, 2), (vast, 3, 2, 1)])


@pytest.mark.points(0.25)
@pytest.mark.hint("A number that leaves torch, through item() or numpy, forgets where it came from.")
@pytest.mark.idea("Gradients, dtype and memory")
def test_gradients_flow_to_the_winners(submission, library, draw):
    """Gradients flow back to the pixels that won, from every window that they won."""
    tools = library.define(TOOLS)
    for padding in (1, 0):
        image = draw.uniform(2, 2, 7, 7) + 1
        weights = draw.integers(1, 10, (2, 2, 3 + padding, 3 + padding)).float()

        expected = image.clone().requires_grad_()
        (F.max_pool2d(expected, 3, stride=2, padding=padding) * weights).sum().backward()

        answer = after_backward(submission, library.put(image.requires_grad_()), tools.gradient, weights, padding)
        assert isinstance(answer, torch.Tensor), "no gradient reached the image"
        assert_close(answer, expected.grad)


@pytest.mark.points(0.25)
@pytest.mark.hint("Pixels that tie may share a gradient as they like, but padding must be below them all and get none.")
@pytest.mark.idea("Gradients, dtype and memory")
def test_padding_takes_no_gradient(submission, library):
    """Where all pixels are equal, they share the whole gradient of their windows: the padding gets none of it."""
    tools = library.define(TOOLS)
    for value in (0.0, -3e8):
        image = library.put(torch.full((1, 1, 5, 5), value, requires_grad=True))
        # The room adds up, for the shares are the student's choice: two answers with one mistake may differ in them.
        total = after_backward(submission, image, tools.total, torch.ones(1, 1, 3, 3), 1)
        nine = isinstance(total, float) and abs(total - 9) < 1e-4
        assert nine, f"nine windows handed back a gradient of {total} in all, instead of 9"


# A sum, because y.backward(weights) would first import sympy: half a second for each submission.
TOOLS = """
def gradient(x, y, weights):
    if not y.requires_grad:
        return False
    (y * weights).sum().backward()
    return x.grad

def total(x, y, weights):
    found = gradient(x, y, weights)
    return found if found is False else 0.0 if found is None else found.sum().item()

def permuted(x, order):
    return x.permute(order)
"""


def after_backward(submission, x, tool, weights, padding):
    """What a tool of the room tells of x's gradient of the weighted sum of the windows of 3 with stride 2."""
    # The gradient is what the room says it is: a claim, about a backward pass that only happens there.
    y = kept(submission.max_pool2d)(x, 3, stride=2, padding=padding)
    found = tool(x, y, weights)
    assert found is not False, "the result does not require grad, although the image does"
    return found


@pytest.mark.points(0.25)
@pytest.mark.hint("An operation whose name ends in _, and assignments such as x += 1, change x itself.")
@pytest.mark.idea("Gradients, dtype and memory")
def test_no_side_effects(submission, reference, library, draw):
    """A call changes neither the image nor an earlier answer."""
    for padding in (1, 0):
        first, second = draw.uniform(1, 2, 5, 5) + 1, draw.uniform(1, 2, 5, 5) + 1
        # These pixels win nowhere, but they swallow the digits of whatever they are added to.
        first[..., 2, 2] = second[..., 2, 2] = -1e6
        x = library.put(first)
        kept_answer = kept(submission.max_pool2d)(x, 3, stride=2, padding=padding)
        other = submission.max_pool2d(second, 3, stride=2, padding=padding)
        answer, x_afterwards = fetch(kept_answer, x)
        assert_equal(x_afterwards, first)
        assert_close(answer, reference.max_pool2d(first, 3, stride=2, padding=padding))
        assert_close(other, reference.max_pool2d(second, 3, stride=2, padding=padding))


@pytest.mark.points(0.25)
@pytest.mark.hint("A transposed image is the same memory in another order: ask x.stride(), or use reshape.")
@pytest.mark.idea("Gradients, dtype and memory")
def test_non_contiguous_image(submission, reference, library, draw):
    """An image whose memory is laid out another way, transposed or channels last, is pooled correctly."""
    x, tools = draw.normal(2, 4, 6, 6), library.define(TOOLS)
    for order in [(0, 1, 3, 2), (0, 3, 1, 2)]:
        permuted = kept(tools.permuted)(x, order)
        assert_close(submission.max_pool2d(permuted, 2, 2), reference.max_pool2d(x.permute(*order), 2, 2))


@pytest.mark.points(0.25)
@pytest.mark.hint("The axes of length 1 stay: the result has four axes, too.")
@pytest.mark.idea("Windows of every kind")
def test_one_window(submission, reference, draw):
    """A window as large as the image gives one value per channel; one row or one pixel is an image, too."""
    windows = [((2, 3, 4, 4), 4), ((3, 1, 1, 7), 1), ((1, 1, 1, 1), 1)]
    calls = [(draw.normal(*shape), size, 2) for shape, size in windows]
    assert_each_close(submission.max_pool2d, reference.max_pool2d, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Try all parameters at once, each of them a pair, by position and by name.")
@pytest.mark.idea("Windows of every kind")
def test_all_parameters_together(submission, reference, draw):
    """All parameters work together on images as well, by position and by name."""
    x = draw.normal(2, 2, 9, 8) - 3
    by_position = call(x, (3, 2), (2, 3), (1, 0), (2, 3), True)
    by_name = call(x=x, kernel_size=(2, 4), stride=3, padding=(1, 2), dilation=(1, 2))
    assert_each_close(submission.max_pool2d, reference.max_pool2d, [by_position, by_name])
