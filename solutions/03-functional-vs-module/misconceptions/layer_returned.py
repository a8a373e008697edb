"""The layer is returned instead of its result

conv_module makes a layer and applies it: what comes back is the feature map, conv(image), and not the layer. See “Two
forms of one operation” in the statement.
"""

import torch
import torch.nn.functional as F
from torch import nn

VALUES = ("compared by allclose", "compared by their difference")
VALUE = VALUES[0]


def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)


def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    if VALUE == "compared by allclose":
        return torch.allclose(a, b, rtol=0, atol=atol)
    return bool(((a - b).abs() <= atol).all())
