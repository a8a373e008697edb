"""The window moves by more than one pixel, as in pooling

A pooling layer moves its window by the window's size unless you say otherwise. A convolution has stride 1: the
kernel moves by one pixel, and neighbouring windows share most of theirs. See “Shapes” in the statement.
"""

import torch
import torch.nn as nn

VALUES = ("its size", 2)
VALUE = VALUES[0]

def build_conv(kernel, bias):
    if kernel.ndim == 2:
        kernel = kernel[None, None]
    size = (kernel.shape[2], kernel.shape[3])
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], size, stride=size if VALUE == "its size" else VALUE)
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv

def conv_with_bias(image, kernel, bias):
    if image.ndim == 2:
        image = image[None]
    return build_conv(kernel, bias)(image[None])
