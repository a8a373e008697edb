"""The sign of the difference is forgotten

You ask whether a - b is at most `atol`. Where b is the larger one, a - b is negative, and so below `atol`
however far the two are apart. Take the absolute value first. See “What counts as a match” in the
statement.
"""

import torch
import torch.nn.functional as F
from torch import nn

VALUES = ("each", "their sum", "their mean")
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
    difference = {"each": a - b, "their sum": (a - b).sum(), "their mean": (a - b).mean()}[VALUE]
    return bool((difference <= atol).all())
