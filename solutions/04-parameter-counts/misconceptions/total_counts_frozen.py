"""The total counts frozen parameters that the table leaves out

The table and the total must tell the same story: parameters() also yields frozen parameters, so the
total needs the same look at requires_grad, or, simpler, the sum of the table. See “Frozen
parameters” in the statement.
"""
import torch
from torch import nn


def pair(v):
    if isinstance(v, int):
        return (v, v)
    return v


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = pair(kernel_size)
    weights = kh * kw * in_channels * out_channels
    biases = out_channels if bias else 0
    return weights, biases


def linear_parameters(in_features, out_features, bias=True):
    weights = in_features * out_features
    biases = out_features if bias else 0
    return weights, biases


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    c, h, w = input_shape
    kh, kw = pair(kernel_size)
    sh, sw = pair(stride)
    ph, pw = pair(padding)
    h_out = (h + 2 * ph - kh) // sh + 1
    w_out = (w + 2 * pw - kw) // sw + 1
    return filters, h_out, w_out


def parameter_table(model):
    table = {}
    for name, param in model.named_parameters():
        if param.requires_grad:
            table[name] = param.numel()
    return table


def total_parameters(model):
    return sum(p.numel() for p in model.parameters())
