"""The shape of the lecture's image is written into the function

reshape(1, 1, 4, 4) fits one image and no other. Put two axes in front, whatever height and width are. See “Four
axes” in the statement.
"""

import torch
import torch.nn.functional as F
from torch import nn

VALUES = (4, 6, "of the kernel too")
VALUE = VALUES[0]


def four_axes(kernel):
    return to_nchw(kernel) if VALUE == "of the kernel too" else kernel[None, None]


def to_nchw(image):
    side = 6 if VALUE == 6 else 4
    return image.reshape(1, 1, side, side)


def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), four_axes(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(four_axes(kernel))
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    return bool(((a - b).abs() <= atol).all())
