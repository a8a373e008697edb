"""Padding, dilation and ceil_mode are not used

Your max_pool2d takes them and lays its windows without them. Pad the image first, with a value that cannot win;
then choose the pixels of each window. See “Floor or ceiling”, “Padding never wins” and “Dilation” in the statement.
"""

import torch
from torch import nn


def number_of_windows(size, kernel_size, stride, padding, dilation, ceil_mode):
    travel = size + 2 * padding - dilation * (kernel_size - 1) - 1
    if not ceil_mode:
        return travel // stride + 1
    out = -(-travel // stride) + 1
    return out - 1 if (out - 1) * stride >= size + padding else out


def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    return number_of_windows(size, kernel_size, stride, padding, dilation, ceil_mode)


def pair(v):
    return v if isinstance(v, tuple) else (v, v)


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    kh, kw = pair(kernel_size)
    sh, sw = pair(stride) if stride is not None else (kh, kw)
    return x.unfold(2, kh, sh).unfold(3, kw, sw).amax(dim=(-1, -2))


def pool_lecture_image(image):
    return nn.MaxPool2d(kernel_size=2, stride=2)(image.reshape(1, 1, *image.shape))
