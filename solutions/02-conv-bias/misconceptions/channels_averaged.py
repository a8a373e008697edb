"""The channels are averaged instead of added up

What the kernels of a filter find in its channels is summed, and nothing is divided. See “Several filters, several
channels” in the statement.
"""

import torch
from torch import nn


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
    return build_conv(kernel, bias * image.shape[0])(image.unsqueeze(0)) / image.shape[0]
