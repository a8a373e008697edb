"""Pairs are read as (horizontal, vertical)

In PyTorch the height always comes before the width: the first number of a pair acts on the rows,
the second on the columns. See “Pairs” in the statement.
"""
from torch import nn

VALUES = ("all", "kernel_size", "stride", "padding")
VALUE = VALUES[0]


def to_tuple(value):
    if type(value) == tuple:
        return value
    return value, value


def turned(value, argument):
    first, second = to_tuple(value)
    return (first, second) if VALUE in ("all", argument) else (second, first)


def conv2d_parameters(in_channels: int, out_channels: int, kernel_size, bias: bool = True):
    k = to_tuple(kernel_size)
    per_filter = in_channels * k[0] * k[1]
    return per_filter * out_channels, (out_channels if bias else 0)


def linear_parameters(in_features: int, out_features: int, bias: bool = True):
    return out_features * in_features, (out_features if bias else 0)


def conv2d_output_shape(input_shape, filters: int, kernel_size, stride=1, padding=0):
    kx, ky = turned(kernel_size, "kernel_size")
    sx, sy = turned(stride, "stride")
    px, py = turned(padding, "padding")
    height = (input_shape[1] - ky + 2 * py) // sy + 1
    width = (input_shape[2] - kx + 2 * px) // sx + 1
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
