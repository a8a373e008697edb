"""The response is compared with 3

The lecture's line has three ones, another feature has fewer or more. Count them: filter_.sum(). See “Is the feature there?”
in the statement.
"""

import torch
import torch.nn.functional as F

VALUES = ("exactly", "at least", "the largest exactly")
VALUE = VALUES[0]


def pixel(images, image, channel, row, column):
    return images[image, channel, row, column].item()


def dense_parameters(input_shape, units):
    c, h, w = input_shape
    return c * h * w * units, units


def parameters_saved(input_shape, filters, kernel_size):
    c, h, w = input_shape
    if isinstance(kernel_size, int):
        kh = kw = kernel_size
    else:
        kh, kw = kernel_size
    units = filters * (h - kh + 1) * (w - kw + 1)
    weights, biases = dense_parameters(input_shape, units)
    conv = filters * c * kh * kw + filters
    return weights + biases - conv


def line_filter(size, kind):
    f = torch.zeros(size, size)
    mid = size // 2
    for i in range(size):
        if kind == "vertical":
            f[i, mid] = 1
        elif kind == "horizontal":
            f[mid, i] = 1
        elif kind == "falling":
            f[i, i] = 1
        elif kind == "rising":
            f[i, size - 1 - i] = 1
        else:
            raise ValueError("unknown kind")
    return f


def feature_maps(image, filters):
    out = F.conv2d(image.unsqueeze(0).unsqueeze(0), filters.unsqueeze(1))
    return out.squeeze(0)


def strongest_response(image, filters):
    maps = feature_maps(image, filters)
    best = None
    where = None
    for f in range(maps.shape[0]):
        for i in range(maps.shape[1]):
            for j in range(maps.shape[2]):
                v = maps[f, i, j].item()
                if best is None or v > best:
                    best = v
                    where = (f, i, j)
    return where


def feature_present(image, filter_):
    response = feature_maps(image, filter_.unsqueeze(0))
    if VALUE == "exactly":
        return bool((response == 3).any())
    return bool(response.max() >= 3 if VALUE == "at least" else response.max() == 3)
