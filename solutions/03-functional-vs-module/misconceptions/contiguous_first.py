"""to_nchw makes the image contiguous

Your to_nchw is a view as long as the image lies in memory row by row. A transposed image does not, and there
`contiguous()` (as `flatten()` does) copies every pixel: what comes back is no view of the image. Axes
of size 1 need no certain order in memory. See “Four axes” in the statement.
"""

import torch
import torch.nn.functional as F
from torch import nn


def to_nchw(image):
    return image.contiguous().view(1, 1, image.shape[0], image.shape[1])


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
