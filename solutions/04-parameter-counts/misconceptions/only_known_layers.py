"""Only convolutions and fully connected layers are looked at

Many other layers learn too: normalisations, embeddings, recurrent layers, and modules may own
parameters directly. Ask the model for its parameters rather than for kinds of layers. See “What a
model learns” in the statement.
"""
import torch
from torch import nn

VALUES = ("once", "shared ones each time")
VALUE = VALUES[0]


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
    c, h, w = input_shape
    kh, kw = pair(kernel_size)
    sh, sw = pair(stride)
    ph, pw = pair(padding)
    h_out = (h + 2 * ph - kh) // sh + 1
    w_out = (w + 2 * pw - kw) // sw + 1
    return filters, h_out, w_out


def parameter_table(model):
    table = {}
    seen = set()
    for name, layer in model.named_modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            for kind, param in [("weight", layer.weight), ("bias", layer.bias)]:
                if param is not None and param.requires_grad and (id(param) not in seen or VALUE == "shared ones each time"):
                    seen.add(id(param))
                    table[name + "." + kind if name else kind] = param.numel()
    return table


def total_parameters(model):
    return sum(parameter_table(model).values())
