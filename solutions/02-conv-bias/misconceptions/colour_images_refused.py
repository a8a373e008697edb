"""Every image is taken for a grey one

An image of (C, H, W) has its channels already and needs the batch axis alone; a grey one needs two axes. Look at
image.dim() first. See “Shapes” in the statement.
"""

import torch
from torch import nn

VALUES = ("by unsqueeze", "by reshape", "by its last axes")
VALUE = VALUES[0]


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel.unsqueeze(0).unsqueeze(0)
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], tuple(kernel.shape[2:]))
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if VALUE == "by unsqueeze":
        image = image.unsqueeze(0).unsqueeze(0)
    else:
        height, width = image.shape if VALUE == "by reshape" else image.shape[-2:]
        image = image.reshape(1, 1, height, width)
    return build_conv(kernel, bias)(image)
