"""The bias is counted even where the layer has none

With bias=False the layer leaves its biases out: the weights are the same, and the second number is
0. See “Layers without a bias” in the statement.
"""
import torch.nn as nn

VALUES = ("in both", "in the convolution", "in the linear layer")
VALUE = VALUES[0]


def _pair(x):
    return x if isinstance(x, tuple) else (x, x)


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    f = _pair(kernel_size)
    w = (f[0] * f[1]) * (in_channels * out_channels)
    return (w, out_channels if bias or VALUE != "in the linear layer" else 0)


def linear_parameters(in_features, out_features, bias=True):
    return (in_features * out_features, out_features if bias or VALUE != "in the convolution" else 0)


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
    total = 0
    for count in parameter_table(model).values():
        total += count
    return total
