"""Stride and padding are exchanged

In F.conv2d the stride comes fourth and the padding fifth, in nn.Conv2d as well. Pass both by name, and the order does
not matter. See “Two forms of one operation” in the statement.
"""

import torch
import torch.nn.functional as F
from torch import nn

VALUES = ("function", "layer", "both")
VALUE = VALUES[0]


def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)


def conv_functional(image, kernel, stride=1, padding=0):
    if VALUE != "layer":
        stride, padding = padding, stride
    return F.conv2d(to_nchw(image), to_nchw(kernel), None, stride, padding)


def conv_module(image, kernel, stride=1, padding=0):
    if VALUE != "function":
        stride, padding = padding, stride
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    return bool(((a - b).abs() <= atol).all())
