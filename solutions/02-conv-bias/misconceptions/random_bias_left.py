"""The layer keeps its own random bias

You gave the layer your kernel, but not your bias. A new nn.Conv2d starts with a random bias of its own,
and `bias=True` only says that there is one, not which. Put the given numbers into `layer.bias` as well.
See “Numbers that can be learned” in the statement.
"""

import torch
import torch.nn as nn


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel.reshape(1, 1, kernel.shape[0], kernel.shape[1])
    conv = nn.Conv2d(in_channels=kernel.shape[1], out_channels=kernel.shape[0],
                     kernel_size=(kernel.shape[2], kernel.shape[3]), bias=True)
    conv.weight = nn.Parameter(kernel.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)
    return build_conv(kernel, bias)(image.unsqueeze(0))
