"""Height and width are worked out as one

You compute one length and use it for both axes. Height and width each have their own size, kernel, stride and
padding. See “The shape of the output” in the statement.
"""

import torch


def pair(v):
    return v if isinstance(v, tuple) else (v, v)


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = pair(kernel_size)
    return kh * kw * in_channels * out_channels, out_channels if bias else 0


def linear_parameters(in_features, out_features, bias=True):
    return in_features * out_features, out_features if bias else 0


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    c, n = input_shape[0], input_shape[1]
    f, s, p = pair(kernel_size)[0], pair(stride)[0], pair(padding)[0]
    side = (n + 2 * p - f) // s + 1
    return filters, side, side


def parameter_table(model):
    return {name: p.numel() for name, p in model.named_parameters() if p.requires_grad}


def total_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
