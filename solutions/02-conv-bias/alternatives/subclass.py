import copy

import torch
from torch import nn


class PresetConv2d(nn.Conv2d):
    """A Conv2d that starts from numbers instead of random ones."""

    def __init__(self, kernel, bias, verbose=False):
        super().__init__(kernel.shape[1], kernel.shape[0], tuple(kernel.shape[2:]))
        self.weight.data = copy.deepcopy(kernel.data)
        self.bias.data = copy.deepcopy(bias.data)
        self.verbose = verbose

    def forward(self, x):
        if self.verbose:
            print("conv gets", tuple(x.shape))
        return super().forward(x)


def build_conv(kernel, bias, verbose=False):
    if kernel.ndim == 2:
        kernel = kernel[None, None, :, :]
    return PresetConv2d(kernel, bias, verbose)


def conv_with_bias(image, kernel, bias):
    layer = build_conv(kernel, bias)
    # Conv2d takes a single (C, H, W) image as well; the batch axis is put in front afterwards
    single = image if image.ndim == 3 else image[None]
    return layer(single).unsqueeze(0)
