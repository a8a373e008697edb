"""Are the function and the layer each what the statement says they are, and do they agree?"""

import contextlib

import pytest
import torch

from grader.checking import assert_close, assert_each_close, assert_equal, call, fetch, kept, sliding_window

IMAGE = torch.arange(1.0, 17.0).reshape(4, 4)
SHARPEN = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])

# Whether a result came from a layer is seen by its value: for a while, every nn.Conv2d there is wrong by
# a known amount, and by another one if it has a bias, or a weight that is no parameter or a frozen one. A layer that
# is wrong only in odd rows of the image, padding included, is right wherever a stride of 2 leads.
LAYERS_OFF = """
from torch.nn.modules.module import register_module_forward_hook

class Off:
    def __init__(self, shift, shift_if_odd, odd_rows_only):
        self.shift = shift
        self.shift_if_odd = shift_if_odd
        self.odd_rows_only = odd_rows_only

    def shifted(self, layer, output):
        learnable = isinstance(layer.weight, nn.Parameter) and layer.weight.requires_grad
        oddities = (layer.bias is not None) + 2 * (not learnable)
        shift = self.shift + self.shift_if_odd * oddities
        if not self.odd_rows_only:
            return output + shift
        rows = torch.arange(output.shape[-2]) * layer.stride[0]
        return output + shift * (rows % 2)[:, None].to(output)

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

# The tensors of one shape to which a gradient of the result's weighted sum comes back, with that gradient.
WAY_BACK = """
def ends(result, shares, shape):
    ways = [] if result.grad_fn is None else [result.grad_fn]
    for node in ways:
        ways += [before for before, _ in node.next_functions if before is not None and before not in ways]
    if ways:
        (result * shares).sum().backward()
    found = [node.variable for node in ways if hasattr(node, "variable")]
    return [(each.detach(), each.grad) for each in found if each.shape == shape]
"""

# The same for convolutions of any kind, by whatever name they were called: in torch's dispatcher, where all of them
# arrive.
CONVOLUTIONS_OFF = """
import warnings

class Off:
    def __init__(self, shift):
        self.shift = shift

    def start(self):
        right = torch.library.get_kernel("aten::convolution", "CPU")

        def shifted(keys, *args):
            return right.call_boxed(keys, *args) + self.shift

        self.registered = torch.library.Library("aten", "IMPL")
        with warnings.catch_warnings():
            # torch warns of every replaced kernel, and here that is the purpose.
            warnings.simplefilter("ignore")
            self.registered.impl("convolution", shifted, "CPU", with_keyset=True, allow_override=True)

    def stop(self):
        self.registered._destroy()
"""


@contextlib.contextmanager
def switched_on(off):
    """Within the block, what `off` stands for in the room is off."""
    off.start()
    try:
        yield
    finally:
        # A room that did not survive the block needs no repair.
        with contextlib.suppress(Exception):
            off.stop()


def layers_off_by(library, shift, shift_if_odd=0.0, odd_rows_only=False):
    """Within the block, layers are wrong by `shift`, and those that should not be so by `shift_if_odd` more."""
    return switched_on(library.define(LAYERS_OFF).Off(shift, shift_if_odd, odd_rows_only))


def convolutions_off_by(library, shift):
    """Within the block, all of torch's convolutions are wrong by `shift`."""
    return switched_on(library.define(CONVOLUTIONS_OFF).Off(shift))


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("Two axes of size 1 come in front of height and width.")
@pytest.mark.idea("Four axes")
def test_two_axes_in_front(submission):
    """to_nchw turns a (2, 3) image into a (1, 1, 2, 3) tensor of the same values."""
    image = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert_equal(submission.to_nchw(image), image.reshape(1, 1, 2, 3))
    assert_equal(submission.to_nchw(image=image), image.reshape(1, 1, 2, 3))


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.hint("Nine products and their sum: there is no bias this time.")
@pytest.mark.idea("The lecture's figures")
def test_the_worked_example(submission):
    """Both ways, the 4x4 image and the sharpening kernel give [[6, 7], [10, 11]]."""
    expected = torch.tensor([[[[6.0, 7.0], [10.0, 11.0]]]])
    window = sliding_window(IMAGE, 3, weights=SHARPEN)
    assert_close(submission.conv_functional(IMAGE, SHARPEN), expected, window=window)
    assert_close(submission.conv_module(IMAGE, SHARPEN), expected, window=window)


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("Does your function copy the pixels, or does it only read the same memory in another shape?")
@pytest.mark.idea("Four axes")
def test_a_new_pixel_shows_in_the_view(submission, library):
    """A pixel that is written into the image afterwards shows in the result of to_nchw; the image keeps two axes."""
    image = library.put(torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    result = kept(submission.to_nchw)(image)
    library.define("def write(image): image[0, 0] = 100.0").write(image)
    assert_equal(fetch(result), torch.tensor([[[[100.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]]))
    assert_equal(fetch(image), torch.tensor([[100.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("The upper left window holds five zeros of the padding; the next one starts two columns on.")
@pytest.mark.idea("The function")
def test_stride_2_with_a_frame_of_zeros(submission):
    """With stride 2 and padding 1 the lecture's image and kernel give [[-2, 2], [17, 11]]."""
    expected = torch.tensor([[[[-2.0, 2.0], [17.0, 11.0]]]])
    window = sliding_window(IMAGE, 3, stride=2, padding=1, weights=SHARPEN)
    assert_close(submission.conv_functional(IMAGE, SHARPEN, stride=2, padding=1), expected, window=window)


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("A 3 x 3 window has four places in each direction on 6 x 6 pixels, and two with a stride of 2.")
@pytest.mark.idea("The layer")
def test_a_layer_of_ones(submission, draw):
    """With a 3x3 kernel of ones a 6x6 image becomes (1, 1, 4, 4), and (1, 1, 2, 2) with stride 2."""
    image, ones = draw.integers(0, 10, (6, 6)).float(), torch.ones(3, 3)
    sums = image.unfold(0, 3, 1).unfold(1, 3, 1).sum((2, 3))[None, None]
    assert_close(submission.conv_module(image, ones), sums)
    assert_close(submission.conv_module(image, ones, stride=2), sums[..., ::2, ::2])


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("What makes an nn.Parameter of the kernel, and which of the two functions is to do it?")
@pytest.mark.idea("The layer")
def test_the_layer_alone_asks_for_a_gradient(submission):
    """For the lecture's figures, the result of conv_module requires a gradient and that of conv_functional none."""
    assert submission.conv_module(IMAGE, SHARPEN).requires_grad, "The result of conv_module requires no gradient."
    asks = submission.conv_functional(IMAGE, SHARPEN).requires_grad
    assert not asks, "The result of conv_functional requires a gradient."


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.hint("The answer is a plain True or False. Is nan == nan?")
@pytest.mark.idea("Comparing the two")
def test_a_match_and_a_pixel_that_is_nan(submission, draw):
    """outputs_match is True for a random 6x6 image and a kernel of ones, and False once a pixel is nan."""
    image, kernel = draw.uniform(6, 6), torch.ones(3, 3)
    assert_equal(submission.outputs_match(image, kernel), True)
    spoiled = image.clone()
    spoiled[2, 3] = torch.nan
    assert_equal(submission.outputs_match(spoiled, kernel), False)


@pytest.mark.points(0.5)
@pytest.mark.hint("Does the result always share the image's memory, and does the image keep its shape and type?")
@pytest.mark.idea("Four axes")
def test_the_axes_are_a_view(submission, library, draw):
    """The result of to_nchw is a view of any image, a transposed one too, and the image keeps its shape."""
    upright = draw.normal(3, 5)
    for image, given in [
        (upright, library.put(upright)),
        # Its rows are the columns of another one: not contiguous, and a view can have its shape all the same.
        (upright.t(), kept(library.put(upright).t)()),
        *((image, library.put(image)) for image in [draw.integers(0, 256, (4, 2)).byte(), draw.normal(1, 1).double()]),
    ]:
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
@pytest.mark.idea("The function")
def test_function_with_a_kernel_without_symmetry(submission, reference, library, draw):
    """conv_functional lays any kernel on any image as it is, rectangular and transposed ones too."""
    image, kernel = draw.normal(7, 5), draw.normal(2, 3)
    assert_close(submission.conv_functional(image, kernel), reference.conv_functional(image, kernel))

    # A transposed tensor is not contiguous, and has to stay in the room to remain so.
    upright, kernel = kept(library.put(image).t)(), draw.normal(5, 7)
    expected = reference.conv_functional(image.t(), kernel)
    assert_close(submission.conv_functional(upright, kernel), expected)


@pytest.mark.points(0.5)
@pytest.mark.hint(
    "After image and kernel, the two functions of PyTorch do not take their arguments in the same order. "
    "Padding adds zeros on all four sides, and a stride need not divide the size."
)
@pytest.mark.idea("The function")
def test_function_with_stride_and_padding(submission, reference, draw):
    """conv_functional uses the stride and the padding it is given, by position and by name."""
    image, kernel = draw.normal(6, 7), draw.normal(3, 2)
    calls = [call(image, kernel, stride, padding) for stride, padding in [(2, 0), (1, 2), (3, 1)]]
    calls.append(call(image=image, kernel=kernel, padding=1, stride=2))
    assert_each_close(submission.conv_functional, reference.conv_functional, calls)


@pytest.mark.points(0.5)
@pytest.mark.hint("Which function of torch.nn.functional convolves? Its result is yours: nothing is left to compute.")
@pytest.mark.idea("The function")
def test_function_is_conv2d(submission, reference, library, draw):
    """The result of conv_functional comes out of F.conv2d."""
    image, kernel = draw.normal(6, 4), draw.normal(3, 2)
    with convolutions_off_by(library, 1.0):
        output = submission.conv_functional(image, kernel)
    assert_close(output, reference.conv_functional(image, kernel) + 1.0, tolerance=1e-4)


@pytest.mark.points(0.5)
@pytest.mark.hint("A function has nothing to learn: does yours make a layer or an nn.Parameter on its way?")
@pytest.mark.idea("The function")
def test_function_has_nothing_to_learn(submission, reference, library, draw):
    """conv_functional works without a layer, and its result requires no gradient."""
    image, kernel = draw.normal(5, 5), torch.ones(3, 3)
    with layers_off_by(library, 1.0):
        output = submission.conv_functional(image, kernel)
    assert_close(output, reference.conv_functional(image, kernel))
    assert not output.requires_grad, "The result of conv_functional requires a gradient."


@pytest.mark.points(0.5)
@pytest.mark.hint("Which arguments of nn.Conv2d depend on the arguments of conv_module?")
@pytest.mark.idea("The layer")
def test_layer_with_stride_and_padding(submission, reference, draw):
    """conv_module computes any rectangular case, with stride and padding given by position or by name."""
    image, kernel = draw.normal(5, 8), draw.normal(2, 3)
    calls = [call(image, kernel, stride, padding) for stride, padding in [(1, 0), (3, 0), (2, 1), (1, 2)]]
    calls.append(call(image=image, kernel=kernel, padding=0, stride=2))
    assert_each_close(submission.conv_module, reference.conv_module, calls)


@pytest.mark.points(0.5)
@pytest.mark.hint(
    "The result has to come out of an nn.Conv2d whose bias is None, and whose weight is an nn.Parameter that asks "
    "for a gradient."
)
@pytest.mark.idea("The layer")
def test_layer_has_a_learnable_weight_and_no_bias(submission, reference, library, draw):
    """conv_module applies an nn.Conv2d without a bias, and its result requires a gradient."""
    image, kernel = draw.normal(4, 6), torch.ones(2, 2)
    with layers_off_by(library, 1.0, shift_if_odd=100.0):
        output = submission.conv_module(image, kernel)
    assert_close(output, reference.conv_module(image, kernel) + 1.0, tolerance=1e-4)
    assert output.requires_grad, "The result of conv_module requires no gradient."
    # A result that was cut off from the layer can still be told to require a gradient, one that ends there. So the way
    # back is gone: what lies at its end is the layer's weight, with the gradient of a sum that was weighed here.
    shares = draw.normal(1, 1, 3, 5)
    in_room = kept(submission.conv_module)(image, kernel)
    ends = library.define(WAY_BACK).ends(in_room, shares, (1, 1, 2, 2))
    gradient = torch.nn.functional.conv2d(image[None, None], shares)
    assert ends, "The result of conv_module has no grad_fn: it does not remember the layer."
    assert_close(ends, [(kernel[None, None], gradient)])


@pytest.mark.points(0.5)
@pytest.mark.hint("What does a call change besides its result? Ask image and kernel for shape, values, requires_grad.")
@pytest.mark.idea("Side effects")
def test_arguments_are_left_alone(submission, reference, library, draw):
    """No function changes the image or the kernel that it is given."""
    image, kernel = draw.normal(4, 5), draw.normal(2, 3)
    given = library.put(image), library.put(kernel)
    answers = submission.conv_functional(*given), submission.conv_module(*given), submission.outputs_match(*given)
    # The gradient's flag is the room's word: a copy does not have it.
    assert not given[0].requires_grad, "After the calls, the image requires a gradient."
    assert not given[1].requires_grad, "After the calls, the kernel requires a gradient."
    assert_equal(fetch(given[0]), image)
    assert_equal(fetch(given[1]), kernel)
    # Who leaves everything alone because nothing is done has not shown care.
    assert_close(answers[0], reference.conv_functional(image, kernel))
    assert_close(answers[1], reference.conv_module(image, kernel))


@pytest.mark.points(0.5)
@pytest.mark.hint(
    "Compute the convolution in both ways, with the stride and the padding you were given, and allow "
    "differences up to atol. If the layer were broken, would your function notice?"
)
@pytest.mark.idea("Comparing the two")
def test_outputs_match_compares_the_two_ways(submission, library, draw):
    """outputs_match notices a layer that is off by more than atol, and uses the stride and the padding."""
    image, kernel = draw.integers(-9, 10, (6, 5)).float(), draw.integers(-3, 4, (2, 3)).float()
    with layers_off_by(library, 0.25):
        assert_equal(submission.outputs_match(image, kernel), False)
        for options in [{}, {"stride": 2, "padding": 1}]:
            named = {"image": image, "kernel": kernel, **options}
            assert_equal(submission.outputs_match(**named, atol=0.5), True)
            assert_equal(submission.outputs_match(**named, atol=0.125), False)
    # With a stride of 2, none of the rows that are wrong is looked at.
    with layers_off_by(library, 0.25, odd_rows_only=True):
        assert_equal(submission.outputs_match(image, kernel, 2, 0, 0.125), True)

    # Without its padding, an image of 2 x 2 is too small for a kernel of 3 x 3.
    image, kernel = draw.integers(-9, 10, (2, 2)).float(), draw.integers(-3, 4, (3, 3)).float()
    assert_equal(submission.outputs_match(image, kernel, 1, 1), True)


@pytest.mark.points(0.5)
@pytest.mark.hint(
    "Not a mean, not a sum, not a share of the value: every single difference, of either sign, is at most atol, or "
    "there is no match."
)
@pytest.mark.idea("Comparing the two")
def test_every_value_counts(submission, library, draw):
    """outputs_match looks at the size of each single difference, above or below, however large the values are."""
    image, kernel = draw.integers(-9, 10, (6, 5)).float(), draw.integers(-3, 4, (2, 3)).float()
    for shift in (-3.0, 0.25):
        with layers_off_by(library, shift, odd_rows_only=True):
            for given in (image, torch.zeros(6, 5)):
                for share in (0.125, 0.75):
                    assert_equal(submission.outputs_match(given, kernel, atol=abs(shift) * share), False)
                assert_equal(submission.outputs_match(given, kernel, atol=abs(shift) * 1.25), True)
    # At most atol, and that may be nothing: sums of small whole numbers are the same in any order.
    assert_equal(submission.outputs_match(image, kernel, atol=0.0), True)
    with layers_off_by(library, 0.25):
        assert_equal(submission.outputs_match(image, kernel, atol=0.25), True)
        # Values of ten thousands and more, of which 1e-5 is more than the difference.
        large, positive = 4096.0 * draw.integers(1, 10, (6, 5)), draw.integers(1, 4, (2, 3)).float()
        assert_equal(submission.outputs_match(large, positive, atol=0.125), False)
    # Without a padding there is none: else a window of one pixel would miss the only pixel of an image.
    assert_equal(submission.outputs_match(torch.full((1, 1), torch.nan), torch.zeros(1, 1), 3), False)
    # Without an atol, a millionth is allowed and two are not.
    for shift, match in ((2.0**-21, True), (2.0**-19, False), (2.0**-11, False)):
        with layers_off_by(library, shift):
            assert_equal(submission.outputs_match(torch.zeros(6, 5), kernel), match)
