"""Padding is taken to be the total of both sides

You split the padding between the two sides. In PyTorch `padding` rows and columns of zeros are added on
**each** of the four sides, so the height grows by 2 · padding. See “Stride and padding” in the
statement.
"""

import torch
from torch import nn
import torch.nn.functional as F


def to_nchw(image):
    return image[None, None]


def _pad(x, padding):
    before = padding // 2
    after = padding - before
    return F.pad(x, (before, after, before, after))


def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(_pad(to_nchw(image), padding), to_nchw(kernel), stride=stride)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(_pad(to_nchw(image), padding))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    return torch.allclose(conv_functional(image, kernel, stride, padding),
                          conv_module(image, kernel, stride, padding), rtol=0, atol=atol)
