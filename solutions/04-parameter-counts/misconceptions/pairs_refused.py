"""One number is expected where a pair may stand

The lecture's f · f has one length for both sides. kernel_size, stride and padding may also be a pair (vertical,
horizontal), and a tuple is no number to calculate with: take it apart first. See “Pairs” in the statement.
"""

import torch

VALUES = ("of both", "of the parameters", "of the shape")
VALUE = VALUES[0]


def pair(v):
    return v if isinstance(v, tuple) else (v, v)


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    if VALUE == "of the shape":
        kernel_size, side = pair(kernel_size)
        return kernel_size * side * in_channels * out_channels, out_channels if bias else 0
    return (kernel_size * kernel_size) * (in_channels * out_channels), out_channels if bias else 0


def linear_parameters(in_features, out_features, bias=True):
    return in_features * out_features, out_features if bias else 0


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    c, h, w = input_shape
    if VALUE == "of the parameters":
        (kh, kw), (sh, sw), (ph, pw) = pair(kernel_size), pair(stride), pair(padding)
        return filters, (h + 2 * ph - kh) // sh + 1, (w + 2 * pw - kw) // sw + 1
    return filters, (h - kernel_size + 2 * padding) // stride + 1, (w - kernel_size + 2 * padding) // stride + 1


def parameter_table(model):
    return {name: p.numel() for name, p in model.named_parameters() if p.requires_grad}


def total_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
