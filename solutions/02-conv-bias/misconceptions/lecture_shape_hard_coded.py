"""The shape of the lecture's kernel is written into the function

reshape(1, 1, 3, 3) fits one 3x3 kernel and no other. Ask the kernel for its shape, and put axes in front of it only
where it has two. See “Shapes” in the statement.
"""

import torch
from torch import nn

VALUES = ("copied", "shared")
VALUE = VALUES[0]


def build_conv(kernel, bias):
    kernel = kernel.reshape(1, 1, 3, 3)
    conv = nn.Conv2d(in_channels=1, out_channels=1, kernel_size=3, bias=True)
    conv.weight = nn.Parameter(kernel if VALUE == "shared" else kernel.clone())
    conv.bias = nn.Parameter(bias if VALUE == "shared" else bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)
    return build_conv(kernel, bias)(image.unsqueeze(0))
