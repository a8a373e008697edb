"""Lambdas, and a shared parameter is kept under the last of its names."""
import torch
from torch import nn

two = lambda v: (v,) * 2 if not hasattr(v, "__len__") else v
out = lambda n, k, s, p: 1 + (n - k + 2 * p) // s

conv2d_parameters = lambda in_channels, out_channels, kernel_size, bias=True: (
    torch.empty(out_channels, in_channels, *two(kernel_size)).numel(),
    out_channels if bias else 0,
)
linear_parameters = lambda in_features, out_features, bias=True: conv2d_parameters(in_features, out_features, 1, bias)


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    c, h, w = input_shape
    (kh, kw), (sh, sw), (ph, pw) = map(two, (kernel_size, stride, padding))
    return filters, out(h, kh, sh, ph), out(w, kw, sw, pw)


def parameter_table(model):
    by_tensor = {}
    for name, p in model.named_parameters(remove_duplicate=False):
        if p.requires_grad:
            by_tensor[p] = name
    return {name: p.numel() for p, name in by_tensor.items()}


def total_parameters(model):
    learnable = filter(lambda p: p.requires_grad, model.parameters())
    return sum(map(torch.Tensor.numel, learnable))
