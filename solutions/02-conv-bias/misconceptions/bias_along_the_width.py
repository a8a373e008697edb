"""The bias is added along the width

The result is (1, out, H', W') and the bias (out,). Added as it is, torch lays it along the last axis: each column gets
a number of its own, or the sizes do not fit at all. One number belongs to each feature map: leave the bias to the layer,
which adds it by itself. See “Several filters, several channels” in the statement.
"""

import torch
import torch.nn.functional as F
from torch import nn


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel[None, None]
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], kernel.shape[2:])
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image[None]
    if kernel.dim() == 2:
        kernel = kernel[None, None]
    return F.conv2d(image[None], kernel) + bias
