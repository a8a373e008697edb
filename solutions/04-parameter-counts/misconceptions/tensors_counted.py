"""Tensors are counted instead of the numbers they hold

A weight tensor of shape (64, 1, 3, 3) is one tensor, but 576 numbers are learned. Count the
elements of each parameter: numel() tells. See “What a model learns” in the statement.
"""
import torch.nn as nn


def _pair(x):
    return x if isinstance(x, tuple) else (x, x)


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    f = _pair(kernel_size)
    w = (f[0] * f[1]) * (in_channels * out_channels)
    if bias:
        b = out_channels
    else:
        b = 0
    return (w, b)


def linear_parameters(in_features, out_features, bias=True):
    if bias:
        return (in_features * out_features, out_features)
    return (in_features * out_features, 0)


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    f, s, p = _pair(kernel_size), _pair(stride), _pair(padding)
    out = [filters]
    for i in range(2):
        n = input_shape[i + 1]
        out.append((n - f[i] + 2 * p[i]) // s[i] + 1)
    return tuple(out)


def parameter_table(model):
    return {n: p.numel() for n, p in model.named_parameters() if p.requires_grad}


def total_parameters(model):
    return len(parameter_table(model))
