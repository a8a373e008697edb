"""The maps of all filters are added up

Channels are added up, filters are not: each filter says where its own feature is. See “Feature
maps” in the statement.
"""
import torch

VALUES = ("one map", "without the axis of filters")
VALUE = VALUES[0]


def pixel(images, image, channel, row, column):
    value = images[image][channel][row][column]
    return float(value)


def dense_parameters(input_shape, units):
    inputs = input_shape[0] * input_shape[1] * input_shape[2]
    weights = inputs * units
    biases = units
    return (weights, biases)


def parameters_saved(input_shape, filters, kernel_size):
    C, H, W = input_shape
    kH, kW = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    H_out = H - kH + 1
    W_out = W - kW + 1
    weights, biases = dense_parameters(input_shape, filters * H_out * W_out)
    return weights + biases - (C * kH * kW + 1) * filters


def line_filter(size, kind):
    middle = size // 2
    line = torch.zeros((size, size), dtype=torch.float32)
    for i in range(size):
        if kind == "vertical":
            line[i, middle] = 1.0
        elif kind == "horizontal":
            line[middle, i] = 1.0
        elif kind == "falling":
            line[i, i] = 1.0
        elif kind == "rising":
            line[i, size - i - 1] = 1.0
        else:
            raise ValueError(kind)
    return line


def feature_maps(image, filters):
    k = filters.shape[1]
    H, W = image.shape
    total = torch.zeros(1, H - k + 1, W - k + 1)
    for f in range(len(filters)):
        for r in range(H - k + 1):
            for c in range(W - k + 1):
                total[0, r, c] += (image[r:r + k, c:c + k] * filters[f]).sum()
    return total if VALUE == "one map" else total[0]


def strongest_response(image, filters):
    maps = feature_maps(image, filters)
    n, h, w = maps.shape
    index = maps.argmax().item()
    return index // (h * w), index % (h * w) // w, index % w


def feature_present(image, filter_):
    k = filter_.shape[0]
    for r in range(image.shape[0] - k + 1):
        for c in range(image.shape[1] - k + 1):
            window = image[r:r + k, c:c + k]
            if (window * filter_).sum() == filter_.sum():
                return True
    return False
