"""The kernel never reaches the layer

Your layer keeps the random weights that it was made with. Put the kernel's numbers into layer.weight, as an
nn.Parameter. See “Two forms of one operation” in the statement.
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
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    return bool(((a - b).abs() <= atol).all())
