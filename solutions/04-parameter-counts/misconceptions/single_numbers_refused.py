"""A pair is expected where one number may stand

kernel_size, stride and padding are either a pair or an int, and a single int stands for both directions. An int has
no kernel_size[0]. See “Pairs” in the statement.
"""

import torch

VALUES = ("of both", "of the parameters", "of the shape")
VALUE = VALUES[0]


def pair(v):
    return v if isinstance(v, tuple) else (v, v)


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = pair(kernel_size) if VALUE == "of the shape" else (kernel_size[0], kernel_size[1])
    return kh * kw * in_channels * out_channels, out_channels if bias else 0


def linear_parameters(in_features, out_features, bias=True):
    return in_features * out_features, out_features if bias else 0


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    c, h, w = input_shape
    (kh, kw), (sh, sw), (ph, pw) = pair(kernel_size), pair(stride), pair(padding)
    if VALUE != "of the parameters":
        kh, kw = kernel_size[0], kernel_size[1]
    return filters, (h + 2 * ph - kh) // sh + 1, (w + 2 * pw - kw) // sw + 1


def parameter_table(model):
    return {name: p.numel() for name, p in model.named_parameters() if p.requires_grad}


def total_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
