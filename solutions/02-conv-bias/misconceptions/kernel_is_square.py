"""Kernels are taken to be square

You read one side of the kernel and use it for both. A kernel may be (2, 5): height and width are two numbers. See
“Shapes” in the statement.
"""

import torch
from torch import nn

VALUES = ("height", "width")
VALUE = VALUES[0]


def build_conv(kernel, bias):
    side = kernel.shape[-1] if VALUE == "width" else kernel.shape[-2]
    channels = kernel.shape[:2] if kernel.dim() == 4 else (1, 1)
    conv = nn.Conv2d(channels[1], channels[0], side)
    conv.weight = nn.Parameter(kernel.clone().reshape(*channels, side, side))
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)
    return build_conv(kernel, bias)(image.unsqueeze(0))
