"""Numbers are counted in memory instead of indexed

After `permute` a tensor has its axes in another order than its memory. Index it, or take `reshape(-1)`,
which copies where it has to. See “One pixel” in the statement.
"""
import math

import torch
from torch import nn
import torch.nn.functional as F


def pixel(images, image, channel, row, column):
    n, c, h, w = images.shape
    numbers = images.as_strided((images.numel(),), (1,))
    return numbers[((image * c + channel) * h + row) * w + column].item()


def dense_parameters(input_shape, units):
    layer = nn.Linear(math.prod(input_shape), units)
    return layer.weight.numel(), layer.bias.numel()


def parameters_saved(input_shape, filters, kernel_size):
    conv = nn.Conv2d(input_shape[0], filters, kernel_size)
    outputs = conv(torch.zeros(1, *input_shape)).numel()
    in_conv = sum(p.numel() for p in conv.parameters())
    return sum(dense_parameters(input_shape, outputs)) - in_conv


def line_filter(size, kind):
    line = torch.zeros(size, size)
    line[size // 2] = 1
    lines = {"horizontal": line, "vertical": line.T, "falling": torch.eye(size), "rising": torch.eye(size).flip(0)}
    if kind not in lines:
        raise ValueError(f"{kind} is not one of {', '.join(lines)}")
    return lines[kind]


def feature_maps(image, filters):
    return torch.cat([F.conv2d(image[None, None], f[None, None])[0] for f in filters])


def strongest_response(image, filters):
    maps = feature_maps(image, filters)
    return tuple(int(i) for i in torch.unravel_index(maps.argmax(), maps.shape))


def feature_present(image, filter_):
    maps = feature_maps(image, torch.stack([filter_]))
    return maps.max().item() == filter_.sum().item()
