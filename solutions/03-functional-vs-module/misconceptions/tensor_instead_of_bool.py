"""A tensor of one truth value is taken for a bool

Your comparison is right, but it returns tensor(True). It prints like a bool and works in an `if`, yet
it is a tensor. Call `.item()` or `bool(…)` on it, or use `torch.allclose`, which returns a bool. See
“What counts as a match” in the statement.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

VALUES = ("of all", "of each")
VALUE = VALUES[0]

def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)

def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)

def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(to_nchw(image))

def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    a = conv_functional(image, kernel, stride, padding)
    b = conv_module(image, kernel, stride, padding)
    close = torch.abs(a - b) <= atol
    return torch.all(close) if VALUE == "of all" else close
