"""Stride or padding changes nothing

Neither your function nor your layer is given what the caller asks for: F.conv2d gets stride and padding with each call,
nn.Conv2d when it is made. See “Stride and padding” in the statement.
"""

import torch
from torch import nn
import torch.nn.functional as F

VALUES = ('both', 'stride', 'padding')
VALUE = VALUES[0]


def to_nchw(image):
    return image.view(1, 1, *image.shape) if image.is_contiguous() else image.unsqueeze(0).unsqueeze(0)


def conv_functional(image, kernel, stride=1, padding=0):
    stride = stride if VALUE == "padding" else 1
    padding = padding if VALUE == "stride" else 0
    x = to_nchw(image)
    k = to_nchw(kernel)
    return F.conv2d(x, k, stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    stride = stride if VALUE == "padding" else 1
    padding = padding if VALUE == "stride" else 0
    x = to_nchw(image)
    layer = nn.Conv2d(1, 1, kernel_size=kernel.shape, stride=stride, padding=padding, bias=False)
    layer.weight = nn.Parameter(to_nchw(kernel).clone())
    return layer(x)


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    return bool(torch.all((a - b).abs() <= atol))
