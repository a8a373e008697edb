"""Stride and padding are given to the function alone

Your layer is always built with stride 1 and no padding. A layer gets both when it is made, nn.Conv2d(…,
stride=…, padding=…); the function gets them with each call. See “Stride and padding” in the statement.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

VALUES = (
    ("both", "shapes compared"),
    ("stride", "shapes compared"),
    ("padding", "shapes compared"),
    ("both", "shapes not compared"),
    ("stride", "shapes not compared"),
    ("padding", "shapes not compared"),
)
VALUE = VALUES[0]

def to_nchw(image):
    return image.reshape(1, 1, *image.shape)

def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)

def conv_module(image, kernel, stride=1, padding=0):
    stride = stride if VALUE[0] == "padding" else 1
    padding = padding if VALUE[0] == "stride" else 0
    conv = nn.Conv2d(1, 1, kernel_size=tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(to_nchw(image))

def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    o1 = conv_functional(image, kernel, stride, padding)
    o2 = conv_module(image, kernel, stride, padding)
    if VALUE[1] == "shapes compared" and o1.shape != o2.shape:
        return False
    return torch.allclose(o1, o2, rtol=0, atol=atol)
