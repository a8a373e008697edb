"""The depth is read and written last

The lecture's pictures show (10, 10, 1). PyTorch's order is (channels, height, width), for what goes in and for what
comes out. See “The shape of the output” in the statement.
"""

import torch

VALUES = ("in both", "in the answer")
VALUE = VALUES[0]


def pair(v):
    return v if isinstance(v, tuple) else (v, v)


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = pair(kernel_size)
    return kh * kw * in_channels * out_channels, out_channels if bias else 0


def linear_parameters(in_features, out_features, bias=True):
    return in_features * out_features, out_features if bias else 0


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    h, w = input_shape[1:] if VALUE == "in the answer" else input_shape[:2]
    (kh, kw), (sh, sw), (ph, pw) = pair(kernel_size), pair(stride), pair(padding)
    return (h + 2 * ph - kh) // sh + 1, (w + 2 * pw - kw) // sw + 1, filters


def parameter_table(model):
    return {name: p.numel() for name, p in model.named_parameters() if p.requires_grad}


def total_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
