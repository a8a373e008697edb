"""The batch and channel axes are taken off the result

A layer hands on (1, out, H', W'), and so should you: with several filters there are several maps, and an axis of
length 1 is an axis too. See “Shapes” in the statement.
"""

import torch
from torch import nn

VALUES = ("by squeeze", "by index")
VALUE = VALUES[0]


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel.unsqueeze(0).unsqueeze(0)
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], tuple(kernel.shape[2:]))
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)
    out = build_conv(kernel, bias)(image.unsqueeze(0))
    return out.squeeze() if VALUE == "by squeeze" else out[0, 0]
