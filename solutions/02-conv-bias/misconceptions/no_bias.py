"""The bias is never added

Your feature maps are right except that each filter's bias is missing. A bias is part of the layer:
build it with `bias=True` (the default) and put the given numbers into `layer.bias`; the layer then adds
them by itself. See “What the bias does” in the statement.
"""

import torch
import torch.nn as nn

def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel.reshape(1, 1, *kernel.shape)
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], tuple(kernel.shape[2:]), bias=False)
    conv.weight = nn.Parameter(kernel.clone())
    return conv

def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)
    return build_conv(kernel, bias)(image.unsqueeze(0))
