import copy

import torch
from torch import nn
import torch.nn.functional as F


class FixedConv(nn.Conv2d):
    def __init__(self, kernel, **options):
        super().__init__(1, 1, kernel.size(), bias=False, **options)
        self.weight.data = copy.deepcopy(kernel.data)[None, None]


class FunctionalConv(nn.Module):
    """a module without any parameter, only to have the same interface as FixedConv"""

    def __init__(self, kernel, stride, padding):
        super().__init__()
        self.kernel = kernel
        self.stride, self.padding = stride, padding

    def forward(self, x):
        return F.conv2d(x, self.kernel, stride=self.stride, padding=self.padding)


def to_nchw(image):
    return image.expand(1, 1, -1, -1)


def conv_functional(image, kernel, stride=1, padding=0):
    return FunctionalConv(to_nchw(kernel), stride, padding)(to_nchw(image))


def conv_module(image, kernel, stride=1, padding=0):
    return FixedConv(kernel, stride=stride, padding=padding)(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6, verbose=False):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    if verbose:
        print(a, b)
    return bool(((a - b).abs() <= atol).all())
