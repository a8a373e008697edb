"""The feature maps are taken to be as large as the image

Without padding a kernel of k pixels has n - k + 1 places on n pixels, so the maps are smaller than
the image. See “What a convolution saves” in the statement.
"""
import math

import torch
from torch import nn
import torch.nn.functional as F


def pixel(images: torch.Tensor, image: int, channel: int, row: int, column: int) -> float:
    return images.tolist()[image][channel][row][column]


def dense_parameters(input_shape, units):
    layer = nn.Linear(math.prod(input_shape), units)
    return layer.weight.numel(), layer.bias.numel()


def parameters_saved(input_shape, filters, kernel_size):
    conv = nn.Conv2d(input_shape[0], filters, kernel_size)
    c, h, w = input_shape
    in_conv = sum(p.numel() for p in conv.parameters())
    return sum(dense_parameters(input_shape, filters * h * w)) - in_conv


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
