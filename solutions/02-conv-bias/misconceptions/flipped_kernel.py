"""The kernel is flipped before it is applied

You turned the kernel by 180 degrees, as the mathematical convolution of signal processing does.
Deep-learning libraries lay the kernel on the image as it is (a cross-correlation). The sharpening
kernel looks the same after a turn, which hides the difference. See “The kernel is not flipped” in the
statement.
"""

import torch
from torch import nn


def build_conv(kernel, bias):
    if kernel.ndim == 2:
        kernel = kernel[None, None]
    # a convolution slides the mirrored kernel
    mirrored = torch.flip(kernel, dims=(2, 3))
    conv = nn.Conv2d(mirrored.shape[1], mirrored.shape[0], tuple(mirrored.shape[2:]))
    conv.weight = nn.Parameter(mirrored)
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.ndim == 2:
        image = image[None]
    return build_conv(kernel, bias)(image[None])
