"""The table lists weights alone

Biases are learned too. Ask the model for all its parameters: model.named_parameters(). See “What a model learns” in
the statement.
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
    c, h, w = input_shape
    (kh, kw), (sh, sw), (ph, pw) = pair(kernel_size), pair(stride), pair(padding)
    return filters, (h + 2 * ph - kh) // sh + 1, (w + 2 * pw - kw) // sw + 1


def parameter_table(model):
    return {name: p.numel() for name, p in model.named_parameters() if p.requires_grad and name.endswith("weight")}


def total_parameters(model):
    return sum(parameter_table(model).values())
