"""The bias is taken for a single number

There is one bias per filter: bias has as many numbers as the kernel has filters. Give the layer all of them. See
“Several filters, several channels” in the statement.
"""

import torch
from torch import nn

VALUES = ("the first", "by item")
VALUE = VALUES[0]


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel.unsqueeze(0).unsqueeze(0)
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], tuple(kernel.shape[2:]))
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias[:1].clone() if VALUE == "the first" else torch.tensor([bias.item()]))
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)
    return build_conv(kernel, bias)(image.unsqueeze(0))
