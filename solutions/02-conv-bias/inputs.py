"""What the functions of this problem may be given."""

import torch
from hypothesis import strategies as st

from grader.checking import applied, call, sliding_window, tensors


@st.composite
def convolutions(draw):
    """An image and one filter of one channel, or several filters with a channel for each of the image's."""
    kernel_h, kernel_w = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    height, width = draw(st.integers(kernel_h, 4)), draw(st.integers(kernel_w, 4))
    if draw(st.booleans()):
        filters, channels = draw(st.integers(1, 3)), draw(st.integers(1, 3))
        kernel = draw(tensors(filters, channels, kernel_h, kernel_w, least=-3, most=3))
        grey = channels == 1 and draw(st.booleans())
        image = draw(tensors(height, width) if grey else tensors(channels, height, width))
    else:
        filters = 1
        kernel = draw(tensors(kernel_h, kernel_w, least=-3, most=3))
        image = draw(tensors(1, height, width) if draw(st.booleans()) else tensors(height, width))
    return image, kernel, draw(tensors(filters))


def built(given):
    """The layer, and a batch of one to try it on."""
    image, kernel, bias = given
    return applied(call(kernel, bias), image.reshape(1, -1, *image.shape[-2:]))


def convolved(image, kernel, bias):
    weights = kernel if kernel.dim() == 2 else kernel[0, 0] if kernel.shape[:2] == torch.Size((1, 1)) else None
    say = "adds the bias to the sum of products with" if weights is not None else "is computed from"
    return sliding_window(image, tuple(kernel.shape[-2:]), say=say, weights=weights)


INPUTS = {"build_conv": convolutions().map(built), "conv_with_bias": convolutions()}
WINDOWS = {
    "build_conv": lambda kernel, bias, image: convolved(image, kernel, bias),
    "conv_with_bias": convolved,
}
