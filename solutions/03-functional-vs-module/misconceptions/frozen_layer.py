"""A weight that is given is thought to be a constant

The weight of your layer asks for no gradient, so the result of conv_module asks for none and the layer
could never learn. A given weight is a starting point: leave `requires_grad` as nn.Parameter sets it.
See “Two forms of one operation” in the statement.
"""

import torch
from torch import nn
import torch.nn.functional as F


def to_nchw(image):
    return image[None, None]


def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, kernel.shape, stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel), requires_grad=False)
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    return torch.allclose(a, b, rtol=0, atol=atol)
