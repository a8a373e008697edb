"""The bias is added outside the layer

The layer of your build_conv has no bias of its own. A number that is added behind the layer is one that no
optimizer finds, and that no one else who uses the layer gets. Build the layer with a bias and put the numbers
into `layer.bias`; it then adds them by itself. See “Numbers that can be learned” in the
statement.
"""

import torch
from torch import nn


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel.unsqueeze(0).unsqueeze(0)
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], tuple(kernel.shape[2:]), bias=False)
    conv.weight = nn.Parameter(kernel.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)
    conv = build_conv(kernel, bias)
    return conv(image.unsqueeze(0)) + bias.view(1, -1, 1, 1)
