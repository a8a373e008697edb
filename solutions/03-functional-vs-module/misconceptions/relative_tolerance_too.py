"""Differences may grow with the values

`torch.allclose` and its relatives allow a share of each value's size beside `atol`, unless you say `rtol=0`. Between
large values a difference far above `atol` then passes. Its third argument is `rtol`: pass `atol` by name. See “What counts as a match” in the statement.
"""

import torch
import torch.nn.functional as F
from torch import nn

VALUES = ("beside atol", "in its place")
VALUE = VALUES[0]


def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)


def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    return torch.allclose(a, b, atol) if VALUE == "in its place" else torch.allclose(a, b, atol=atol)
