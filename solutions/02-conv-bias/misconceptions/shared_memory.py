"""nn.Parameter is taken to copy its tensor

`nn.Parameter(kernel)` shares its numbers with the caller, and so do nn.Parameter(bias) and a reshaped kernel: each step of the
optimizer on your layer also rewrites what the caller passed in. Give the
layer a copy. See “A copy of your own” in the statement.
"""

import torch
import torch.nn as nn

VALUES = ("both", "kernel", "bias")
VALUE = VALUES[0]

def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel.reshape(1, 1, kernel.shape[0], kernel.shape[1])
    conv = nn.Conv2d(in_channels=kernel.shape[1], out_channels=kernel.shape[0],
                     kernel_size=(kernel.shape[2], kernel.shape[3]), bias=True)
    conv.weight = nn.Parameter(kernel.clone() if VALUE == "bias" else kernel)
    conv.bias = nn.Parameter(bias.clone() if VALUE == "kernel" else bias)
    return conv

def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.reshape(1, image.shape[0], image.shape[1])
    conv = build_conv(kernel, bias)
    return conv(image.unsqueeze(0))
