"""The caller's image gets its axes in place

`unsqueeze_` with its trailing underscore changes the very tensor it is called on: after the call, the image of
whoever called you has other axes than before. The form without the underscore gives you a view to work with and
leaves the image as it was. See “What to write” in the statement.
"""

import torch
import torch.nn as nn


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel.unsqueeze(0).unsqueeze(0)
    out_channels, in_channels, kh, kw = kernel.shape
    conv = nn.Conv2d(in_channels, out_channels, (kh, kw))
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    while image.dim() < 4:
        image.unsqueeze_(0)
    return build_conv(kernel, bias)(image)
