"""The outputs are compared without stride and padding

outputs_match gets stride and padding like the other two functions, and has to hand both on. See “What to write” in
the statement.
"""

import torch
import torch.nn.functional as F
from torch import nn


def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)


def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel)
    b = conv_module(image, kernel)
    return bool(((a - b).abs() <= atol).all())
