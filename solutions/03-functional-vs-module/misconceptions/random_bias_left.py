"""The layer's random bias is left in

Your layer was built with its default, `bias=True`, and only the weight was replaced: a random number is
added to every value, and the two forms do not agree. Build the layer with `bias=False`. See “Without a
bias” in the statement.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)


def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    return torch.allclose(a, b, rtol=0, atol=atol)
