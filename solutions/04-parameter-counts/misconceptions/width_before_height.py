"""The shape is read as (channels, width, height) and answered the other way round

PyTorch's order is (channels, height, width), for what goes in and for what comes out. See “The
shape of the output” in the statement.
"""
import torch
from torch import nn


def pair(v):
    if isinstance(v, int):
        return (v, v)
    return v


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = pair(kernel_size)
    weights = kh * kw * in_channels * out_channels
    biases = out_channels if bias else 0
    return weights, biases


def linear_parameters(in_features, out_features, bias=True):
    weights = in_features * out_features
    biases = out_features if bias else 0
    return weights, biases


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    kw, kh = pair(kernel_size)
    sw, sh = pair(stride)
    pw, ph = pair(padding)
    w = (input_shape[1] + 2 * pw - kw) // sw + 1
    h = (input_shape[2] + 2 * ph - kh) // sh + 1
    return filters, h, w


def parameter_table(model):
    table = {}
    for name, param in model.named_parameters():
        if param.requires_grad:
            table[name] = param.numel()
    return table


def total_parameters(model):
    return sum(parameter_table(model).values())
