"""Everything in the state dict is counted as learned

A state dict holds what a model needs in order to be saved. Running means and other buffers are
among it, but no optimizer ever changes them. Ask for the parameters instead. See “Buffers” in the
statement.
"""
import torch.nn as nn

VALUES = ("buffers", "all of it")
VALUE = VALUES[0]


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
    learnable = {id(p) for p in model.parameters() if p.requires_grad}
    frozen = {n for n, p in model.named_parameters(remove_duplicate=False) if id(p) not in learnable}
    seen = set()
    table = {}
    for name, tensor in model.state_dict(keep_vars=True).items():
        if VALUE == "all of it" or (name not in frozen and id(tensor) not in seen):
            seen.add(id(tensor))
            table[name] = tensor.numel()
    return table


def total_parameters(model):
    total = 0
    for count in parameter_table(model).values():
        total += count
    return total
