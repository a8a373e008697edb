"""Stride and padding are given to the function alone

Your layer is always built with stride 1 and no padding. A layer gets both when it is made, nn.Conv2d(…,
stride=…, padding=…); the function gets them with each call. See “Stride and padding” in the statement.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

def to_nchw(image):
    return image.reshape(1, 1, *image.shape)

def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)

def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, kernel_size=tuple(kernel.shape), bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(to_nchw(image))

def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    o1 = conv_functional(image, kernel, stride, padding)
    o2 = conv_module(image, kernel, stride, padding)
    return o1.shape == o2.shape and torch.allclose(o1, o2, atol=atol)
