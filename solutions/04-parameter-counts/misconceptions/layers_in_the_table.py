"""The table lists layers instead of parameters

A layer holds several parameters, its weight and its bias, and each of them has a name and a row of its own. Ask
the model for its parameters with their names, not for its modules. See “What a model learns” in the
statement.
"""
import torch.nn as nn


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    conv = nn.Conv2d(in_channels, out_channels, kernel_size, bias=bias)
    return conv.weight.numel(), conv.bias.numel() if bias else 0


def linear_parameters(in_features, out_features, bias=True):
    fc = nn.Linear(in_features, out_features, bias=bias)
    return fc.weight.numel(), fc.bias.numel() if bias else 0


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    k, s, p = [v if isinstance(v, tuple) else (v, v) for v in (kernel_size, stride, padding)]
    size = [(input_shape[i + 1] + 2 * p[i] - k[i]) // s[i] + 1 for i in range(2)]
    return filters, size[0], size[1]


def parameter_table(model):
    table = {}
    for name, layer in model.named_modules():
        learned = [p.numel() for p in layer.parameters(recurse=False) if p.requires_grad]
        if learned:
            table[name] = sum(learned)
    return table


def total_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
