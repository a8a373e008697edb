"""The batch axis is left off the result

Your feature maps are right, but they come as (out, H', W'). An nn.Conv2d also takes a single (C, H, W)
image and then answers without a batch axis; this function promises (1, out, H', W'), a batch of one.
See “Shapes” in the statement.
"""

import torch
import torch.nn as nn


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel.unsqueeze(0).unsqueeze(0)
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], kernel.shape[2:])
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)      # add the channel axis
    return build_conv(kernel, bias)(image)
