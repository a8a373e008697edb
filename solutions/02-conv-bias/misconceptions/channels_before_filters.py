"""The kernel's first two axes are exchanged

A kernel of four axes is (out, in, kH, kW): first the filters, then the image's channels. nn.Conv2d asks the other
way round, in_channels first. See “Shapes” in the statement.
"""

import torch
from torch import nn


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel.unsqueeze(0).unsqueeze(0)
    conv = nn.Conv2d(kernel.shape[0], kernel.shape[1], tuple(kernel.shape[2:]))
    with torch.no_grad():
        conv.weight.copy_(kernel)
        conv.bias.copy_(bias)
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)
    return build_conv(kernel, bias)(image.unsqueeze(0))
