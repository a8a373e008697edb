"""The channel axis is put behind height and width

You return (1, H, W, 1): batch, height, width, channels, as other libraries order them. PyTorch's layers
read (batch, channels, height, width), so both new axes belong in front. See “Four axes” in the
statement.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

def to_nchw(image):
    # batch in front, one colour value per pixel at the end
    return image.unsqueeze(0).unsqueeze(-1)

def conv_functional(image, kernel, stride=1, padding=0):
    x = to_nchw(image).permute(0, 3, 1, 2)
    w = to_nchw(kernel).permute(0, 3, 1, 2)
    return F.conv2d(x, w, stride=stride, padding=padding)

def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel).permute(0, 3, 1, 2))
    return conv(to_nchw(image).permute(0, 3, 1, 2))

def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    return torch.allclose(conv_functional(image, kernel, stride, padding),
                          conv_module(image, kernel, stride, padding), rtol=0, atol=atol)
