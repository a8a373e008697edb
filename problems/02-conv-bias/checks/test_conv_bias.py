"""Does each function keep the contract of the statement, for every shape that it allows?"""

import pytest
import torch

from grader.checking import assert_close, assert_each_close, assert_equal, call, fetch, kept, sliding_window

IMAGE = torch.arange(1.0, 17.0).reshape(4, 4)
SHARPEN = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])
FIVE = torch.tensor([5.0])

# A training step happens where the layer lives. It is plain gradient descent on the sum of the outputs, written so
# that a layer that cannot learn shows it by its unchanged numbers. An optimizer of torch's would do the same, but
# importing it costs every submission a second.
TRAINING = """
def step(layer, batch, learning_rate):
    output = layer(batch)
    if not output.requires_grad:
        return
    output.sum().backward()
    with torch.no_grad():
        for parameter in layer.parameters():
            if parameter.grad is not None:
                parameter.sub_(parameter.grad, alpha=learning_rate)
"""


# Two handles may stand for one object: then what one is given, the other has.
RENEWING = """
def renew(layer):
    layer.weight, layer.bias = (nn.Parameter(torch.zeros_like(each)) for each in (layer.weight, layer.bias))
"""


def built(submission, library, *args, **kwargs):
    """What `build_conv` returns, once it is known to be a convolution layer."""
    layer = submission.build_conv(*args, **kwargs)
    assert library.isinstance(layer, library.torch.nn.Conv2d), "build_conv must return an nn.Conv2d."
    return layer


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.hint("Work out one window by hand: a product for each weight, their sum, and then the bias.")
@pytest.mark.idea("The lecture's figures")
def test_the_worked_example(submission):
    """The 4x4 image, the sharpening kernel and a bias of 5 give [[11, 12], [15, 16]]; a kernel is not turned."""
    expected = torch.tensor([[[[11.0, 12.0], [15.0, 16.0]]]])
    output = submission.conv_with_bias(IMAGE, SHARPEN, FIVE)
    assert_close(output, expected, window=sliding_window(IMAGE, 3, weights=SHARPEN))
    # The sharpening kernel looks the same either way. The statement's right_minus_left does not.
    ramp, right_minus_left = torch.tensor([[1.0, 2.0, 4.0, 7.0]]), torch.tensor([[-1.0, 1.0]])
    output = submission.conv_with_bias(ramp, right_minus_left, torch.tensor([0.0]))
    assert_close(
        output, torch.tensor([[[[1.0, 2.0, 3.0]]]]), window=sliding_window(ramp, (1, 2), weights=right_minus_left)
    )


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.hint("After building the layer, replace its random weight and bias by yours.")
@pytest.mark.idea("The layer")
def test_the_layer_holds_the_given_numbers(submission, library):
    """The layer is an nn.Conv2d that holds the (3, 3) kernel as a (1, 1, 3, 3) weight, and the bias."""
    layer = built(submission, library, SHARPEN, FIVE)
    assert_close(layer.weight, SHARPEN.reshape(1, 1, 3, 3))
    assert layer.bias is not None, "The layer has no bias: layer.bias is None."
    assert_close(layer.bias, FIVE)


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.hint("Each filter looks at all channels of a pixel, and adds its own bias once.")
@pytest.mark.idea("Channels and filters")
def test_two_channels_and_three_filters(submission):
    """The example with two channels and three 1x1 filters gives three feature maps, in a batch of one."""
    image = torch.tensor([[[1.0, 2.0], [3.0, 4.0]], [[10.0, 20.0], [30.0, 40.0]]])
    kernel = torch.tensor([[1.0, 0.0], [1.0, 1.0], [0.0, -1.0]]).reshape(3, 2, 1, 1)
    expected = torch.tensor(
        [[[[1.0, 2.0], [3.0, 4.0]], [[111.0, 122.0], [133.0, 144.0]], [[-5.0, -15.0], [-25.0, -35.0]]]]
    )
    assert_close(submission.conv_with_bias(image, kernel, torch.tensor([0.0, 100.0, 5.0])), expected)


@pytest.mark.points(1)
@pytest.mark.hint(
    "Try a kernel that is neither square nor symmetric, with weights that do not sum to 1, and work out one "
    "window by hand. The kernel lies on the image as it is, and a result may well be negative."
)
@pytest.mark.idea("Kernels and shapes")
def test_a_kernel_without_symmetry(submission, reference, draw):
    """A rectangular kernel with arbitrary weights is laid on a rectangular image as it is."""
    image, kernel, bias = draw.normal(6, 9), draw.normal(2, 3), torch.tensor([-0.75])
    expected = reference.conv_with_bias(image, kernel, bias)
    assert_close(submission.conv_with_bias(image, kernel, bias), expected)


@pytest.mark.points(0.5)
@pytest.mark.hint(
    "A transposed tensor is the same memory in another order: reshape copes, view(-1) does not. And a method whose "
    "name ends in _ changes the tensor itself."
)
@pytest.mark.idea("Memory and side effects")
def test_images_and_kernels_as_they_come(submission, reference, library, draw):
    """Image and kernel may lie in memory another way, such as transposed ones, and stay as they are."""
    image, kernel, bias = draw.normal(7, 5), draw.normal(3, 2), torch.tensor([0.5])
    turned = [kept(library.put(tensor).t)() for tensor in (image, kernel)]
    expected = reference.conv_with_bias(image.t(), kernel.t(), bias)
    assert_close(submission.conv_with_bias(*turned, bias), expected)
    assert_close(built(submission, library, turned[1], bias).weight, kernel.t().reshape(1, 1, 2, 3))
    for after, before in zip(turned, (image.t(), kernel.t()), strict=True):
        assert_equal(fetch(after), before)

    image, kernel, bias = draw.normal(4, 5, 2), draw.normal(2, 2, 3, 2), draw.normal(2)
    turned = [kept(library.put(image).permute)(2, 1, 0), kept(library.put(kernel).permute)(0, 3, 2, 1)]
    expected = reference.conv_with_bias(image.permute(2, 1, 0), kernel.permute(0, 3, 2, 1), bias)
    assert_close(submission.conv_with_bias(*turned, bias), expected)
    assert_equal(fetch(turned[0]), image.permute(2, 1, 0))


@pytest.mark.points(1)
@pytest.mark.hint("How many biases has a layer with four filters, and which pixels of its output does each reach?")
@pytest.mark.idea("Channels and filters")
def test_every_filter_has_its_own_bias(submission, reference, draw):
    """Four filters on three channels give four feature maps, and one gives one, each with its own bias added once."""
    image, kernel = draw.normal(3, 5, 7), draw.normal(4, 3, 3, 2)
    bias = torch.tensor([2.0, -1.0, 0.5, -3.0])
    calls = [call(image=image, kernel=kernel, bias=bias), call(image=image, kernel=kernel[3:], bias=bias[3:])]
    assert_each_close(submission.conv_with_bias, reference.conv_with_bias, calls)


@pytest.mark.points(1)
@pytest.mark.hint(
    "The table of shapes in the statement allows an image with and without its channel axis, and a kernel "
    "with two or four axes. They combine freely, and a kernel may be as large as the image."
)
@pytest.mark.idea("Kernels and shapes")
def test_every_combination_of_shapes(submission, reference, draw):
    """A grey image may be (H, W) or (1, H, W), with a kernel (kH, kW) or (out, 1, kH, kW)."""
    grey = draw.normal(4, 6)
    one, three = torch.tensor([1.5]), torch.tensor([0.25, -2.0, 4.0])
    calls = [
        (grey, draw.normal(3, 1, 2, 3), three),
        (grey[None], draw.normal(3, 2), one),
        (grey[None], draw.normal(1, 1), one),
        (grey, draw.normal(4, 6), one),
        (grey[None], draw.normal(3, 1, 4, 6), three),
    ]
    assert_each_close(submission.conv_with_bias, reference.conv_with_bias, calls)


@pytest.mark.points(1)
@pytest.mark.hint("The layer is an ordinary nn.Conv2d: stride 1, no padding, and any number of images in a batch.")
@pytest.mark.idea("The layer")
def test_the_layer_works_on_a_batch(submission, reference, library, draw):
    """The layer convolves a batch of three images with stride 1 and no padding."""
    batch, kernel = draw.normal(3, 2, 6, 5), draw.normal(4, 2, 3, 2)
    bias = torch.tensor([1.0, -1.0, 2.0, 0.5])
    layer = built(submission, library, kernel=kernel, bias=bias)
    expected = torch.cat([reference.conv_with_bias(image, kernel, bias) for image in batch])
    assert_close(layer(batch), expected, tolerance=1e-5)


@pytest.mark.points(1)
@pytest.mark.hint("Does layer.parameters() give the weight and the bias, and does each of them ask for a gradient?")
@pytest.mark.idea("The layer")
def test_the_layer_learns(submission, library, draw):
    """One step of gradient descent moves the weight and the bias of the layer."""
    batch, kernel, bias = draw.normal(2, 2, 4, 5), draw.normal(3, 2, 2, 2), draw.normal(3)
    layer = built(submission, library, kernel, bias)
    library.define(TRAINING).step(layer, batch, 0.125)

    # The gradient of the outputs' sum, on paper: a weight meets every pixel of its channel that can lie under
    # it; the bias is in all 2 x 3 x 4 outputs of its filter.
    met = torch.nn.functional.conv2d(batch.sum(0)[:, None], torch.ones(1, 1, 3, 4))
    assert_close(layer.weight, kernel - 0.125 * met.reshape(1, 2, 2, 2), tolerance=1e-4)
    assert_close(layer.bias, bias - 0.125 * 24, tolerance=1e-4)


@pytest.mark.points(1)
@pytest.mark.hint("Where does a layer live: in the call that made it, or in something that all calls share?")
@pytest.mark.idea("Memory and side effects")
def test_two_layers_are_independent(submission, library, draw):
    """Neither making nor training a second layer changes the first, even if both hold the same numbers."""
    kernel, bias = draw.normal(2, 1, 2, 2), draw.normal(2)
    first = built(submission, library, kernel, bias)
    before = first.weight, first.bias
    built(submission, library, 2 * kernel, bias - 1)
    twin = built(submission, library, kernel, bias)
    library.define(TRAINING).step(twin, draw.normal(1, 1, 3, 3), 0.5)
    assert_equal((first.weight, first.bias), before)
    given = library.put(kernel), library.put(bias)
    third, fourth = (built(submission, library, *given) for _ in range(2))
    library.define(RENEWING).renew(fourth)
    assert_equal((fourth.weight, fourth.bias), (0 * before[0], 0 * before[1]))
    assert third.weight.any(), "Two calls gave the same layer twice."
    assert_equal((third.weight, third.bias), before)


@pytest.mark.points(0.5)
@pytest.mark.hint("nn.Parameter(t) does not copy t: the layer and the caller then own the same numbers.")
@pytest.mark.idea("Memory and side effects")
def test_training_leaves_the_callers_tensors_alone(submission, library, draw):
    """Training changes the layer, and not the kernel and the bias that it was built from."""
    for shape in [(2, 2), (3, 1, 2, 2)]:
        kernel, bias = draw.normal(*shape), draw.normal(shape[0] if len(shape) == 4 else 1)
        callers_kernel, callers_bias = library.put(kernel), library.put(bias)
        layer = built(submission, library, callers_kernel, callers_bias)
        before = layer.weight
        library.define(TRAINING).step(layer, draw.normal(2, 1, 4, 4), 0.5)
        # Without this, a layer that never learns would pass for a careful one.
        assert not torch.equal(layer.weight, before), "The layer itself did not change in a training step."
        assert_equal(fetch(callers_kernel), kernel)
        assert_equal(fetch(callers_bias), bias)
