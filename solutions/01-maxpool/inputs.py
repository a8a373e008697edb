"""What the functions of this problem may be given."""

import torch
from hypothesis import strategies as st

from grader.checking import call, sliding_window, tensors


@st.composite
def axes(draw, most=5):
    """Size, kernel size, stride, padding and dilation along one axis: each window has a pixel of the image."""
    kernel = draw(st.integers(1, 3))
    padding = draw(st.integers(0, kernel // 2))
    dilation = draw(st.integers(1, 2)) if kernel > 1 else 1
    reach = dilation * (kernel - 1) + 1
    size = draw(st.integers(max(1, dilation, reach - 2 * padding), most))
    return size, kernel, draw(st.none() | st.integers(1, 3)), padding, dilation


@st.composite
def sizes(draw):
    size, kernel, stride, padding, dilation = draw(axes(9))
    return call(size, kernel, stride, padding, dilation, draw(st.booleans()))


@st.composite
def poolings(draw):
    vertical = draw(axes())
    horizontal = draw(axes()) if draw(st.booleans()) else vertical
    if (vertical[2] is None) != (horizontal[2] is None):
        horizontal = (*horizontal[:2], vertical[2], *horizontal[3:])
    # Pixels may be far below anything that one would think of as below every pixel, and of another type.
    images = draw(st.integers(1, 2)), draw(st.integers(1, 2)), vertical[0], horizontal[0]
    far = draw(st.sampled_from([0, 0, 0, -(10**10)]))
    dtype = draw(st.sampled_from([torch.float32, torch.float32, torch.float64]))
    pixels = draw(tensors(*images, dtype=dtype)) + far
    return call(pixels, *map(paired, vertical[1:], horizontal[1:]), draw(st.booleans()))


def paired(down, across):
    return down if down == across else (down, across)


@st.composite
def lecture_images(draw):
    return call(draw(tensors(draw(st.integers(2, 5)), draw(st.integers(2, 5)))))


def pooled(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = kernel_size if stride is None else stride
    return sliding_window(x, kernel_size, stride=stride, padding=padding, dilation=dilation, say="takes the largest of")


INPUTS = {"pool_output_size": sizes(), "max_pool2d": poolings(), "pool_lecture_image": lecture_images()}
WINDOWS = {"max_pool2d": pooled, "pool_lecture_image": lambda image: pooled(image, 2)}
