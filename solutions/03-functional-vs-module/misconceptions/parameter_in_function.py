"""A function's kernel is made an nn.Parameter too

Your conv_functional makes the kernel learnable, as nn.Parameter and `requires_grad_` do, so its result
asks for a gradient. A parameter is a layer's own number, to be learned; the function simply uses the
tensors it is given. See “Two forms of one operation” in the statement.
"""

import torch
from torch import nn
import torch.nn.functional as F


def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)


def conv_functional(image, kernel, stride=1, padding=0):
    weight = nn.Parameter(to_nchw(kernel))      # the weight of a convolution is a parameter
    return F.conv2d(to_nchw(image), weight, stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    return torch.allclose(a, b, rtol=0, atol=atol)
