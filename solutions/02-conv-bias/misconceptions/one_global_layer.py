"""All calls share one layer

You keep one layer outside the function and refill it at each call. Everyone who got it earlier then
finds the newest numbers in it. Make a new layer in every call. See “What to write” in the statement.
"""

import torch
from torch import nn

conv = nn.Conv2d(1, 1, kernel_size=3)


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel[None, None]
    conv.out_channels, conv.in_channels = kernel.shape[:2]
    conv.kernel_size = tuple(kernel.shape[2:])
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image[None]
    return build_conv(kernel, bias)(image[None])
