'''Walks through the modules itself instead of asking named_parameters.'''

from __future__ import annotations

from math import prod


def pair(v):
    if isinstance(v, tuple):
        return v
    return v, v


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = pair(kernel_size)
    one_filter = 0
    for channel in range(in_channels):
        one_filter += kh * kw
    weights = out_channels * one_filter
    if bias == False:
        return (weights, 0)
    else:
        return (weights, out_channels)


def linear_parameters(in_features, out_features, bias=True):
    if not bias:
        return in_features * out_features, 0
    return in_features * out_features, out_features


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(stride)
    ph, pw = pair(padding)
    height = input_shape[1] + ph + ph
    width = input_shape[2] + pw + pw
    # try every place of the window's first pixel
    rows = len([top for top in range(0, height, sh) if top + kh <= height])
    columns = len([left for left in range(0, width, sw) if left + kw <= width])
    return (filters, rows, columns)


def _collect(module, prefix, seen, table):
    for name, param in module._parameters.items():
        if param is None or id(param) in seen:
            continue
        seen.add(id(param))
        if param.requires_grad:
            table[prefix + name] = prod(param.shape)
    for name, child in module._modules.items():
        if child is not None:
            _collect(child, prefix + name + ".", seen, table)


def parameter_table(model):
    table = {}
    _collect(model, "", set(), table)
    return table


def total_parameters(model):
    total = 0
    for count in parameter_table(model).values():
        total += count
    return total
