"""Only some kinds of layers are looked at

Whatever kinds you list, another one learns too: embeddings, recurrent layers, or a parameter that belongs to no
layer at all. Ask the model for its parameters rather than for kinds of layers. See “What a model learns” in the
statement.
"""

import torch
from torch import nn

VALUES = (
    ("names right", "Conv2d", "Linear", "BatchNorm2d"),
    ("a dot in front", "Conv2d", "Linear", "BatchNorm2d"),
    ("a dot in front", "Conv2d", "Linear"),
    ("names right", "Conv2d"),
    ("a dot in front", "Conv2d"),
    ("a dot in front", "Conv2d", "Linear", "Embedding"),
    ("a dot in front", "Conv1d", "Conv2d", "Linear", "BatchNorm1d", "BatchNorm2d", "LayerNorm", "Embedding"),
)
VALUE = VALUES[0]


def pair(v):
    return v if isinstance(v, tuple) else (v, v)


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = pair(kernel_size)
    return kh * kw * in_channels * out_channels, out_channels if bias else 0


def linear_parameters(in_features, out_features, bias=True):
    return in_features * out_features, out_features if bias else 0


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    c, h, w = input_shape
    (kh, kw), (sh, sw), (ph, pw) = pair(kernel_size), pair(stride), pair(padding)
    return filters, (h + 2 * ph - kh) // sh + 1, (w + 2 * pw - kw) // sw + 1


def parameter_table(model):
    kinds = tuple(getattr(nn, kind) for kind in VALUE[1:])
    table = {}
    for name, layer in model.named_modules():
        if isinstance(layer, kinds):
            for kind, p in layer.named_parameters(recurse=False):
                if p.requires_grad:
                    table[kind if not name and VALUE[0] == "names right" else f"{name}.{kind}"] = p.numel()
    return table


def total_parameters(model):
    return sum(parameter_table(model).values())
