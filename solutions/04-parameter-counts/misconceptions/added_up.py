"""Weights and biases are added up

The lecture ends with one number, weights + biases. Here the two are asked for apart: a tuple (weights, biases). See
“What to write” in the statement.
"""

import torch

VALUES = ("with the bias", "with a bias in any case")
VALUE = VALUES[0]


def pair(v):
    return v if isinstance(v, tuple) else (v, v)


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = pair(kernel_size)
    return kh * kw * in_channels * out_channels + (out_channels if bias or VALUE == "with a bias in any case" else 0)


def linear_parameters(in_features, out_features, bias=True):
    return in_features * out_features + (out_features if bias or VALUE == "with a bias in any case" else 0)


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    c, h, w = input_shape
    (kh, kw), (sh, sw), (ph, pw) = pair(kernel_size), pair(stride), pair(padding)
    return filters, (h + 2 * ph - kh) // sh + 1, (w + 2 * pw - kw) // sw + 1


def parameter_table(model):
    return {name: p.numel() for name, p in model.named_parameters() if p.requires_grad}


def total_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
