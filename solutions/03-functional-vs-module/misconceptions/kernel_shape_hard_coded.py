"""The layer is made for kernels of 3x3 alone

The kernel says itself how large it is, and need not be square: kernel.shape. See “What to write” in the statement.
"""

import torch
import torch.nn.functional as F
from torch import nn


def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)


def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, kernel_size=3, stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(kernel.reshape(1, 1, 3, 3))
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    return bool(((a - b).abs() <= atol).all())
