"""Only what is called weight or bias is looked at

Parameters may have any name, and belong to any module. Ask the model for all of them: model.named_parameters(). See
“What a model learns” in the statement.
"""

import torch
from torch import nn

VALUES = ("names right", "a dot in front", "shared ones each time")
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
    table = {}
    seen = set()
    for name, layer in model.named_modules():
        for kind in ("weight", "bias"):
            p = getattr(layer, kind, None)
            if isinstance(p, nn.Parameter) and p.requires_grad and (id(p) not in seen or VALUE == "shared ones each time"):
                seen.add(id(p))
                table[kind if not name and VALUE == "names right" else f"{name}.{kind}"] = p.numel()
    return table


def total_parameters(model):
    return sum(parameter_table(model).values())
