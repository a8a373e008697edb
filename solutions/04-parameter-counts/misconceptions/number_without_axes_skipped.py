"""A parameter without axes is not counted

A tensor of shape () has no axis, but it holds one number, and that number is learned like any other. Its number of
elements is 1: the empty product, not 0. numel() knows. See “What a model learns” in the statement.
"""
import torch


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return kh * kw * in_channels * out_channels, out_channels if bias else 0


def linear_parameters(in_features, out_features, bias=True):
    return in_features * out_features, out_features if bias else 0


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    kernel = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    out = torch.conv2d(
        torch.zeros(1, *input_shape), torch.zeros(filters, input_shape[0], *kernel), None, stride, padding
    )
    return tuple(out.shape[1:])


def parameter_table(model):
    table = {}
    for name, p in model.named_parameters():
        if not p.requires_grad or p.dim() == 0:
            continue
        n = 1
        for length in p.shape:
            n *= length
        table[name] = n
    return table


def total_parameters(model):
    return sum(parameter_table(model).values())
