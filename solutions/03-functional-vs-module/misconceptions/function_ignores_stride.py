"""Stride or padding never reaches the function

F.conv2d gets both with each call; your layer has them, your function does without. See “Stride and padding” in the
statement.
"""

import torch
import torch.nn.functional as F
from torch import nn

VALUES = (
    ("both", "shapes not compared"),
    ("stride", "shapes not compared"),
    ("padding", "shapes not compared"),
    ("both", "shapes compared"),
    ("stride", "shapes compared"),
    ("padding", "shapes compared"),
)
VALUE = VALUES[0]


def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)


def conv_functional(image, kernel, stride=1, padding=0):
    stride = stride if VALUE[0] == "padding" else 1
    padding = padding if VALUE[0] == "stride" else 0
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    if VALUE[1] == "shapes compared" and a.shape != b.shape:
        return False
    return bool(((a - b).abs() <= atol).all())
