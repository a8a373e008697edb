"""Only the first channel is looked at

A filter has a kernel for every channel, and what they find is added up. See “Several filters, several channels” in
the statement.
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
    if image.dim() == 3:
        image = image[0]
    if kernel.dim() == 4:
        kernel = kernel[:, :1]
    return build_conv(kernel, bias)(image.reshape(1, 1, *image.shape))
