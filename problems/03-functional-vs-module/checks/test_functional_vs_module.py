"""Are the function and the layer each what the statement says they are, and do they agree?"""

import contextlib

import pytest
import torch

from grader.checking import assert_close, assert_equal, fetch, kept
from grader.checking.pictures import sliding_window

IMAGE = torch.arange(1.0, 17.0).reshape(4, 4)
SHARPEN = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])

# Whether a result came from a layer is seen by its value: for a while, every nn.Conv2d there is wrong by
# a known amount, and by a second one if it has a bias.
OFF = """
from torch.nn.modules.module import register_module_forward_hook

class Off:
    def __init__(self, shift, shift_of_a_bias):
        self.shift = shift
        self.shift_of_a_bias = shift_of_a_bias

    def shifted(self, layer, output):
        return output + self.shift + (0.0 if layer.bias is None else self.shift_of_a_bias)

    def start(self):
        self.forward = right = nn.Conv2d.forward

        def forward(layer, batch):
            layer.__dict__["is_off"] = True
            return self.shifted(layer, right(layer, batch))

        nn.Conv2d.forward = forward
        self.hook = register_module_forward_hook(self.after)

    def after(self, layer, inputs, output):
        # A subclass may have a forward of its own that does not come by the one above.
        if isinstance(layer, nn.Conv2d) and not layer.__dict__.pop("is_off", False):
            return self.shifted(layer, output)

    def stop(self):
        nn.Conv2d.forward = self.forward
        self.hook.remove()
"""


@contextlib.contextmanager
def layers_off_by(library, shift, shift_of_a_bias=0.0):
    """Within the block, layers are wrong by `shift`, and those with a bias by `shift_of_a_bias` more."""
    off = library.define(OFF).Off(shift, shift_of_a_bias)
    off.start()
    try:
        yield
    finally:
        # A room that did not survive the block needs no repair.
        with contextlib.suppress(Exception):
            off.stop()


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.hint("Two axes of size 1 come in front of height and width.")
def test_two_axes_in_front(submission):
    """to_nchw turns a (2, 3) image into a (1, 1, 2, 3) tensor of the same values."""
    image = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert_equal(submission.to_nchw(image), image.reshape(1, 1, 2, 3))


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.hint("Nine products and their sum: there is no bias this time.")
def test_the_worked_example(submission):
    """Both ways, the 4x4 image and the sharpening kernel give [[6, 7], [10, 11]]."""
    expected = torch.tensor([[[[6.0, 7.0], [10.0, 11.0]]]])
    window = sliding_window(IMAGE, 3)
    assert_close(submission.conv_functional(IMAGE, SHARPEN), expected, window=window)
    assert_close(submission.conv_module(IMAGE, SHARPEN), expected, window=window)


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.hint("The answer is a plain True or False. Is nan == nan?")
def test_a_match_and_a_pixel_that_is_nan(submission, draw):
    """outputs_match is True for a random 6x6 image and a kernel of ones, and False once a pixel is nan."""
    image, kernel = draw.uniform(6, 6), torch.ones(3, 3)
    assert_equal(submission.outputs_match(image, kernel), True)
    spoiled = image.clone()
    spoiled[2, 3] = torch.nan
    assert_equal(submission.outputs_match(spoiled, kernel), False)


@pytest.mark.points(1)
@pytest.mark.hint("Does the result share the image's memory, and does the image keep its own shape and type?")
def test_the_axes_are_a_view(submission, library, draw):
    """The result of to_nchw is a view of the image, of any type, and the image keeps its shape."""
    for image in [
        draw.normal(3, 5),
        draw.integers(0, 256, (4, 2)).to(torch.uint8),
        draw.normal(1, 1).double(),
    ]:
        given = library.put(image)
        result = kept(submission.to_nchw)(given)
        assert_equal(fetch(given), image)
        assert_equal(fetch(result), image.reshape(1, 1, *image.shape))
        # Written to afterwards: a view shows the new values, a copy the old ones.
        kept(given.fill_)(7)
        assert_equal(fetch(result), torch.full_like(image, 7).reshape(1, 1, *image.shape))


@pytest.mark.points(1)
@pytest.mark.hint(
    "Try a kernel that is neither square nor symmetric on a small image, and work out one window by hand."
)
def test_function_with_a_kernel_without_symmetry(submission, reference, library, draw):
    """conv_functional lays any kernel on any image as it is, rectangular and transposed ones too."""
    image, kernel = draw.normal(7, 5), draw.normal(2, 3)
    assert_close(submission.conv_functional(image, kernel), reference.conv_functional(image, kernel))

    # A transposed tensor is not contiguous, and has to stay in the room to remain so.
    upright, kernel = kept(library.put(image).t)(), draw.normal(5, 7)
    expected = reference.conv_functional(image.t(), kernel)
    assert_close(submission.conv_functional(upright, kernel), expected)


@pytest.mark.points(1)
@pytest.mark.hint(
    "After image and kernel, the two functions of PyTorch do not take their arguments in the same order. "
    "Padding adds zeros on all four sides, and a stride need not divide the size."
)
def test_function_with_stride_and_padding(submission, reference, draw):
    """conv_functional uses the stride and the padding it is given."""
    image, kernel = draw.normal(6, 7), draw.normal(3, 2)
    for stride, padding in [(2, 0), (1, 2), (3, 1)]:
        expected = reference.conv_functional(image, kernel, stride, padding)
        assert_close(submission.conv_functional(image, kernel, stride, padding), expected)


@pytest.mark.points(1)
@pytest.mark.hint("A function has nothing to learn: does yours make a layer or an nn.Parameter on its way?")
def test_function_has_nothing_to_learn(submission, reference, library, draw):
    """conv_functional works without a layer, and its result requires no gradient."""
    image, kernel = draw.normal(5, 5), torch.ones(3, 3)
    with layers_off_by(library, 1.0):
        output = submission.conv_functional(image, kernel)
    assert_close(output, reference.conv_functional(image, kernel))
    assert not output.requires_grad, "The result of conv_functional requires a gradient."


@pytest.mark.points(1)
@pytest.mark.hint("Which arguments of nn.Conv2d depend on the arguments of conv_module?")
def test_layer_with_stride_and_padding(submission, reference, draw):
    """conv_module computes any rectangular case, with the stride and the padding it is given."""
    image, kernel = draw.normal(5, 8), draw.normal(2, 3)
    for stride, padding in [(1, 0), (3, 0), (2, 1)]:
        expected = reference.conv_module(image, kernel, stride=stride, padding=padding)
        actual = submission.conv_module(image=image, kernel=kernel, stride=stride, padding=padding)
        assert_close(actual, expected)


@pytest.mark.points(1)
@pytest.mark.hint(
    "The result has to come out of an nn.Conv2d whose bias is None, and whose weight asks for a gradient."
)
def test_layer_has_a_learnable_weight_and_no_bias(submission, reference, library, draw):
    """conv_module applies an nn.Conv2d without a bias, and its result requires a gradient."""
    image, kernel = draw.normal(4, 6), torch.ones(2, 2)
    with layers_off_by(library, 1.0, shift_of_a_bias=100.0):
        output = submission.conv_module(image, kernel)
    assert_close(output, reference.conv_module(image, kernel) + 1.0, tolerance=1e-4)
    assert output.requires_grad, "The result of conv_module requires no gradient."


@pytest.mark.points(1)
@pytest.mark.hint(
    "Compute the convolution in both ways, with the stride and the padding you were given, and allow "
    "differences up to atol. If the layer were broken, would your function notice?"
)
def test_outputs_match_compares_the_two_ways(submission, library, draw):
    """outputs_match notices a layer that is off by more than atol, and uses the stride and the padding."""
    image, kernel = draw.integers(-9, 10, (6, 5)).float(), draw.integers(-3, 4, (2, 3)).float()
    with layers_off_by(library, 0.25):
        for options in [{}, {"stride": 2, "padding": 1}]:
            assert_equal(submission.outputs_match(image, kernel, **options, atol=0.5), True)
            assert_equal(submission.outputs_match(image, kernel, **options, atol=0.125), False)

    # Without its padding, an image of 2 x 2 is too small for a kernel of 3 x 3.
    image, kernel = draw.integers(-9, 10, (2, 2)).float(), draw.integers(-3, 4, (3, 3)).float()
    assert_equal(submission.outputs_match(image, kernel, 1, 1), True)
