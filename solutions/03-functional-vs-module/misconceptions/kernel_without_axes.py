"""The kernel keeps its two axes

The kernel makes the same journey as the image, to (out, in, kH, kW): two axes of size 1 go in front. See “Four
axes” in the statement.
"""

import torch
import torch.nn.functional as F
from torch import nn

VALUES = ("in both", "in the function", "in the layer")
VALUE = VALUES[0]


def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)


def conv_functional(image, kernel, stride=1, padding=0):
    if VALUE != "in the layer":
        return F.conv2d(to_nchw(image), kernel, stride=stride, padding=padding)
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel) if VALUE == "in the function" else kernel)
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    return bool(((a - b).abs() <= atol).all())
