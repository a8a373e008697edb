"""The bias is added to the pixels, before the convolution

You brighten the image by the bias and convolve that. The kernel's weights then multiply the bias; only
where they sum to 1, as in the sharpening kernel, does the same come out. The bias joins after the
products are summed. See “What the bias does” in the statement.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

VALUES = ("its own", "the first")
VALUE = VALUES[0]


def build_conv(kernel, bias):
    if len(kernel.shape) == 2:
        kernel = kernel.reshape(1, 1, kernel.shape[0], kernel.shape[1])
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], (kernel.shape[2], kernel.shape[3]))
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if len(image.shape) == 2:
        image = image.reshape(1, image.shape[0], image.shape[1])
    if len(kernel.shape) == 2:
        kernel = kernel.reshape(1, 1, kernel.shape[0], kernel.shape[1])
    maps = []
    for f in range(kernel.shape[0]):
        shifted = image + bias[f if VALUE == "its own" else 0]            # the bias shifts the input of the filter
        maps.append(F.conv2d(shifted.unsqueeze(0), kernel[f:f + 1]))
    return torch.cat(maps, dim=1)
