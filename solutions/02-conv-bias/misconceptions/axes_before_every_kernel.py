"""Two axes are put in front of every kernel

A kernel of (kH, kW) needs them. One of (out, in, kH, kW) has them, and gets six with two more. Look at kernel.dim()
first. See “Shapes” in the statement.
"""

import torch
from torch import nn

VALUES = ("copied", "shared")
VALUE = VALUES[0]


def build_conv(kernel, bias):
    kernel = kernel.unsqueeze(0).unsqueeze(0)
    conv = nn.Conv2d(1, 1, 3)
    conv.weight = nn.Parameter(kernel if VALUE == "shared" else kernel.clone())
    conv.bias = nn.Parameter(bias if VALUE == "shared" else bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)
    return build_conv(kernel, bias)(image.unsqueeze(0))
