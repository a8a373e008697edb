"""One kernel is thought to serve all the input channels of a filter

A filter is as deep as its input: for each input channel it learns a kernel of its own, and the
results are summed. Five 3 x 3 filters over three channels hold 5 · 3 · 9 weights, not 5 · 9. See
“One kernel per input channel” in the statement.
"""
from torch import nn


def to_tuple(value):
    if type(value) == tuple:
        return value
    return value, value


def conv2d_parameters(in_channels: int, out_channels: int, kernel_size, bias: bool = True):
    k = to_tuple(kernel_size)
    per_filter = k[0] * k[1]
    return per_filter * out_channels, (out_channels if bias else 0)


def linear_parameters(in_features: int, out_features: int, bias: bool = True):
    return out_features * in_features, (out_features if bias else 0)


def conv2d_output_shape(input_shape, filters: int, kernel_size, stride=1, padding=0):
    k = to_tuple(kernel_size)
    s = to_tuple(stride)
    p = to_tuple(padding)
    height = int((input_shape[1] - k[0] + 2 * p[0]) / s[0]) + 1
    width = int((input_shape[2] - k[1] + 2 * p[1]) / s[1]) + 1
    return (filters, height, width)


def parameter_table(model: nn.Module):
    result = dict()
    for n, p in model.named_parameters():
        if not p.requires_grad:
            continue
        result[n] = p.numel()
    return result


def total_parameters(model: nn.Module):
    table = parameter_table(model)
    return sum(table[name] for name in table)
