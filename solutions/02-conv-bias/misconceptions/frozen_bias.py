"""Only the weight can be learned

Your layer trains its weight, but its bias asks for no gradient and stays where it is. The bias is a number of
the layer like all others: an nn.Parameter that may move. See “Numbers that can be learned” in the statement.
"""

import torch
from torch import nn


def build_conv(kernel, bias):
    if kernel.ndim == 2:
        kernel = kernel[None, None]
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], tuple(kernel.shape[2:]))
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone(), requires_grad=False)
    return conv


def conv_with_bias(image, kernel, bias):
    if image.ndim == 2:
        image = image[None]
    return build_conv(kernel, bias)(image[None])
