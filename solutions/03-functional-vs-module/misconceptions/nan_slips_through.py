"""nan is counted as a match

Your outputs_match lets nan pass. If it asks whether some difference is larger than `atol`: for nan that is
False, as is every comparison with nan. Ask instead whether every difference is small enough, or use
`torch.allclose`, without `equal_nan`, and do not replace nan by numbers. See “What counts as a match” in
the statement.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)


def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    for x, y in zip(a.flatten(), b.flatten()):
        if abs(x - y) > atol:
            return False
    return True
