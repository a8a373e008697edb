"""F.conv2d is believed to need a flipped kernel

You turn the kernel by 180 degrees before you give it to the function. Neither F.conv2d nor nn.Conv2d
flips anything: both lay the kernel on the image as it is. The sharpening kernel looks the same after a
turn, which hides the difference. See “Two forms of one operation” in the statement.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


def to_nchw(image):
    return image[None, None, :, :]


def conv_functional(image, kernel, stride=1, padding=0):
    # F.conv2d is a cross-correlation, so turn the kernel to get the convolution
    turned = torch.rot90(kernel, 2)
    return F.conv2d(to_nchw(image), to_nchw(turned), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    return torch.allclose(conv_functional(image, kernel, stride, padding),
                          conv_module(image, kernel, stride, padding), rtol=0, atol=atol)
