"""A new shape is thought to need a new tensor

Your to_nchw copies every pixel. Axes of size 1 move nothing in memory: `unsqueeze`, `reshape` or
indexing with `None` give a view, which costs nothing and keeps the type of the image. See “Four axes”
in the statement.
"""

import torch
from torch import nn
import torch.nn.functional as F

VALUES = ("by writing into it", "by clone", "by torch.tensor")
VALUE = VALUES[0]


def to_nchw(image):
    if VALUE == "by clone":
        return image.clone()[None, None]
    if VALUE == "by torch.tensor":
        return torch.tensor(image.tolist())[None, None]
    h, w = image.shape
    result = torch.zeros(1, 1, h, w)
    result[0, 0] = image
    return result


def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    return torch.allclose(a, b, rtol=0, atol=atol)
