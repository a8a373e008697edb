"""Negative responses are set to zero

You apply an activation after the bias. A convolution layer has none: its responses may be negative, and
the activation is a step of its own that a network adds afterwards. See “What the bias does” in the
statement.
"""

import torch
from torch import nn


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel[None, None]
    conv = nn.Conv2d(kernel.size(1), kernel.size(0), (kernel.size(2), kernel.size(3)))
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image[None]
    out = build_conv(kernel, bias)(image[None])
    return torch.relu(out)          # pixel values cannot be negative
