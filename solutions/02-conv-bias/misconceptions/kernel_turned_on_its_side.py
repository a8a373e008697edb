"""Height and width of the kernel are exchanged

The kernel is laid on the image as it is, row on row: no axis of it is moved. See “The kernel is not flipped” in the
statement.
"""

import torch
from torch import nn

VALUES = ("always", "where it has two axes")
VALUE = VALUES[0]


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel.T.unsqueeze(0).unsqueeze(0)
    elif VALUE == "always":
        kernel = kernel.transpose(2, 3)
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], tuple(kernel.shape[2:]))
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)
    return build_conv(kernel, bias)(image.unsqueeze(0))
