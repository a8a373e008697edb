"""A bias is counted for every kernel instead of every filter

A filter has one kernel for each input channel, but what the kernels yield is summed up first, and
only then is one bias added. So there are as many biases as output channels, however many channels
come in. See “One bias per filter” in the statement.
"""
import torch
from torch import nn


def pair(v):
    if isinstance(v, int):
        return (v, v)
    return v


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = pair(kernel_size)
    kernels = in_channels * out_channels
    weights = kh * kw * kernels
    # each kernel has its own bias
    biases = kernels if bias else 0
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
