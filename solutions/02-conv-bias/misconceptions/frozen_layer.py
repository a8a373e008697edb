"""The given numbers are put into the layer as constants

Your layer computes the right values but cannot learn: its parameters ask for no gradient, so training
leaves them where they are. The kernel and the bias are only the starting point of a layer. See “Numbers
that can be learned” in the statement.
"""

import torch
import torch.nn as nn

VALUES = ("both", "the kernel alone")
VALUE = VALUES[0]

def build_conv(kernel, bias):
    kernel = kernel.reshape(1, 1, *kernel.shape) if kernel.dim() == 2 else kernel
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], tuple(kernel.shape[2:]))
    # our own values: they must not be changed by training
    conv.weight = nn.Parameter(kernel.clone(), requires_grad=False)
    conv.bias = nn.Parameter(bias.clone(), requires_grad=VALUE == "the kernel alone")
    return conv

def conv_with_bias(image, kernel, bias):
    image = image.reshape(1, *image.shape) if image.dim() == 2 else image
    return build_conv(kernel, bias)(image.unsqueeze(0))
