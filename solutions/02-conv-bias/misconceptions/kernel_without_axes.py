"""The kernel is given to the layer with two axes

A layer's weight has four axes, (out, in, kH, kW), whatever the kernel came with. A kernel of (kH, kW) is one filter
for one channel: put both axes in front of it. See “Shapes” in the statement.
"""

import torch
from torch import nn

VALUES = ("copied", "shared")
VALUE = VALUES[0]


def build_conv(kernel, bias):
    conv = nn.Conv2d(in_channels=1, out_channels=1, kernel_size=3, bias=True)
    conv.weight = nn.Parameter(kernel if VALUE == "shared" else kernel.clone())
    conv.bias = nn.Parameter(bias if VALUE == "shared" else bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)
    return build_conv(kernel, bias)(image.unsqueeze(0))
