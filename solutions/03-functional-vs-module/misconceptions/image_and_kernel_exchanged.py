"""Image and kernel are exchanged in F.conv2d

F.conv2d takes the input first and the weight second. The other way round, the image is laid on the kernel, on which it
rarely fits. See “Two forms of one operation” in the statement.
"""

import torch
import torch.nn.functional as F
from torch import nn


def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)


def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(kernel), to_nchw(image), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    return torch.allclose(a, b, rtol=0, atol=atol)
