"""A bias of zero is taken for no bias

Your layer has a bias that happens to be 0. It is still a parameter: one training step, and the layer no
longer computes what the function does. Build the layer with `bias=False`. See “Without a bias” in the
statement.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)

def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)

def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding)
    conv.weight = nn.Parameter(to_nchw(kernel))
    conv.bias = nn.Parameter(torch.zeros(1))       # otherwise the outputs differ
    return conv(to_nchw(image))

def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    return torch.allclose(conv_functional(image, kernel, stride, padding),
                          conv_module(image, kernel, stride, padding), rtol=0, atol=atol)
