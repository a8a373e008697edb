"""The bias is added once for every input channel

You convolve channel by channel and add the bias each time, so with C channels it is counted C times.
First sum the products over all channels of the window, then add the filter's bias, once. See “Several
filters, several channels” in the statement.
"""

import torch
from torch import nn
import torch.nn.functional as F


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel[None, None]
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], tuple(kernel.shape[-2:]))
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image[None]
    if kernel.dim() == 2:
        kernel = kernel[None, None]
    total = 0
    for c in range(image.shape[0]):
        one_channel = image[None, c:c + 1]
        total = total + F.conv2d(one_channel, kernel[:, c:c + 1], bias)
    return total
