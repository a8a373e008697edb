"""One bias is used for all filters

Every feature map got the first bias. There is one bias per filter: `bias[f]` belongs to filter f and
reaches every pixel of feature map f, and no other. See “Several filters, several channels” in the
statement.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel.view(1, 1, kernel.shape[0], kernel.shape[1])
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], (kernel.shape[2], kernel.shape[3]))
    conv.weight = nn.Parameter(kernel.clone())
    # the bias of the layer is a single number
    conv.bias = nn.Parameter(torch.full((kernel.shape[0],), bias[0].item()))
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)
    return build_conv(kernel, bias)(image.unsqueeze(0))
