"""Image and kernel are given to PyTorch with two axes

F.conv2d and nn.Conv2d want four axes, or three for an image without a batch: to_nchw adds those that are missing, to
the image and to the kernel. See “Four axes” in the statement.
"""

import torch
import torch.nn.functional as F
from torch import nn

VALUES = ("in the function", "in the layer", "in both")
VALUE = VALUES[0]


def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)


def conv_functional(image, kernel, stride=1, padding=0):
    if VALUE != "in the layer":
        return F.conv2d(image, kernel, stride=stride, padding=padding)
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    if VALUE == "in the function":
        conv.weight = nn.Parameter(to_nchw(kernel))
        return conv(to_nchw(image))
    conv.weight = nn.Parameter(kernel)
    return conv(image)


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    return torch.allclose(a, b, rtol=0, atol=atol)
