"""The dense layer has a single bias

Every unit has a bias of its own, so the layer has as many biases as units. See “What a convolution
saves” in the statement.
"""
import math

import torch
from torch import nn
import torch.nn.functional as F


def pixel(images: torch.Tensor, image: int, channel: int, row: int, column: int) -> float:
    return images.tolist()[image][channel][row][column]


def dense_parameters(input_shape, units):
    return math.prod(input_shape) * units, 1


def parameters_saved(input_shape, filters, kernel_size):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    c, h, w = input_shape
    kh, kw = kernel_size
    outputs = filters * (h - kh + 1) * (w - kw + 1)
    dense = c * h * w * outputs + outputs
    conv = filters * c * kh * kw + filters
    return dense - conv


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
