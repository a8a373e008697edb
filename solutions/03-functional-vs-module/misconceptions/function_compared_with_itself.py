"""One way is compared with itself

Your outputs_match answers True even if the layer is wrong: its two results come from one and the same
place, or their values are not compared at all. The point of the comparison is that two different ways give
one answer: compute the one by the function, the other by the layer. See “What counts as a match” in the statement.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


def to_nchw(image):
    return image[None, None]


def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    expected = F.conv2d(to_nchw(image), to_nchw(kernel), bias=None, stride=stride, padding=padding)
    actual = conv_functional(image, kernel, stride, padding)
    return torch.allclose(actual, expected, rtol=0, atol=atol)
