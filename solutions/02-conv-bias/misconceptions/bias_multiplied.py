"""The bias is multiplied with the feature map

The bias is one number that is added to each sum of products. It stretches nothing. See “What the bias does” in the
statement.
"""

import torch
import torch.nn as nn

VALUES = ('instead', 'and added')
VALUE = VALUES[0]


def build_conv(kernel, bias):
    if kernel.ndim == 2:
        kernel = kernel.unsqueeze(0).unsqueeze(0)
    out_c, in_c, kh, kw = kernel.shape
    conv = nn.Conv2d(in_c, out_c, (kh, kw))
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.ndim == 2:
        image = image.unsqueeze(0)
    image = image.unsqueeze(0)
    conv = build_conv(kernel, bias)
    sums = conv(image) - bias.reshape(1, -1, 1, 1) if VALUE == "instead" else conv(image)
    return sums * bias.reshape(1, -1, 1, 1)
