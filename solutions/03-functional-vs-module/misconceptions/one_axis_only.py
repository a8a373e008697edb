"""The image gets one axis in front instead of two

Batch and channels are two axes: (H, W) becomes (1, H, W) and then (1, 1, H, W). See “Four axes” in the statement.
"""

import torch
import torch.nn.functional as F
from torch import nn

VALUES = ("used by the rest", "on its own")
VALUE = VALUES[0]


def four_axes(image):
    return to_nchw(image) if VALUE == "used by the rest" else image.reshape(1, 1, *image.shape)


def to_nchw(image):
    return image.unsqueeze(0)


def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(four_axes(image), four_axes(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(four_axes(kernel))
    return conv(four_axes(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    return bool(((a - b).abs() <= atol).all())
