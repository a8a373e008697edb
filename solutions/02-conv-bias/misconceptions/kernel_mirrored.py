"""The kernel is mirrored along one axis

The kernel is laid on the image as it is: its top-left weight meets the window's top-left pixel. See “The kernel is
not flipped” in the statement.
"""

import torch
from torch import nn

VALUES = ("left and right", "top and bottom")
VALUE = VALUES[0]


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel.unsqueeze(0).unsqueeze(0)
    kernel = kernel.flip(-1 if VALUE == "left and right" else -2)
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], tuple(kernel.shape[2:]))
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)
    return build_conv(kernel, bias)(image.unsqueeze(0))
