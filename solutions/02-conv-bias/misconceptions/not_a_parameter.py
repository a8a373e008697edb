"""A plain tensor is put where a parameter belongs

A layer's weight and bias are of the type nn.Parameter, and the layer refuses anything else. Wrap a copy of the
numbers: nn.Parameter(kernel.clone()). See “Numbers that can be learned” in the statement.
"""

import torch
from torch import nn

VALUES = ("both", "the bias alone")
VALUE = VALUES[0]


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel.unsqueeze(0).unsqueeze(0)
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], tuple(kernel.shape[2:]))
    if VALUE == "the bias alone":
        conv.weight = nn.Parameter(kernel.clone())
    else:
        conv.weight = kernel.clone()
    conv.bias = bias.clone()
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)
    return build_conv(kernel, bias)(image.unsqueeze(0))
