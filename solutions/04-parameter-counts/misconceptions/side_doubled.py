"""A kernel's side is doubled instead of squared

A kernel of side f has f rows of f weights each: f · f, not f · 2. For a 2 x 2 kernel both give 4, so the
lecture's small examples do not show the difference; a 3 x 3 kernel does. See “One kernel per input
channel” in the statement.
"""
from torch import nn


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    if isinstance(kernel_size, tuple):
        area = kernel_size[0] * kernel_size[1]
    else:
        area = kernel_size * 2
    biases = out_channels if bias else 0
    return area * in_channels * out_channels, biases


def linear_parameters(in_features, out_features, bias=True):
    return in_features * out_features, (out_features if bias else 0)


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    layer = nn.Conv2d(input_shape[0], filters, kernel_size, stride, padding)
    kh, kw = layer.kernel_size
    sh, sw = layer.stride
    ph, pw = layer.padding
    h = (input_shape[1] + 2 * ph - kh) // sh + 1
    w = (input_shape[2] + 2 * pw - kw) // sw + 1
    return filters, h, w


def parameter_table(model):
    table = {}
    for name, p in model.named_parameters():
        if p.requires_grad:
            table[name] = p.numel()
    return table


def total_parameters(model):
    return sum(parameter_table(model).values())
