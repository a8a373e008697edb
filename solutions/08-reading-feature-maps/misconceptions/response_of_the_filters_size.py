"""The response is compared with the size of the filter

A line through the whole filter has as many ones as the filter has rows, but other features have
fewer or more, and hardly any has as many as the filter has cells. Count the ones: filter_.sum(). See “Is the feature there?” in the statement.
"""
import torch

VALUES = ("rows", "cells", "just the rows", "just the rows at most")
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
    maps = torch.zeros(len(filters), H - k + 1, W - k + 1)
    for f in range(len(filters)):
        for r in range(H - k + 1):
            for c in range(W - k + 1):
                window = image[r:r + k, c:c + k]
                maps[f, r, c] = (window * filters[f]).sum()
    return maps


def strongest_response(image, filters):
    maps = feature_maps(image, filters)
    best, place = None, None
    for f in range(maps.shape[0]):
        for r in range(maps.shape[1]):
            for c in range(maps.shape[2]):
                value = maps[f, r, c].item()
                if best is None or value > best:
                    best = value
                    place = (f, r, c)
    return place


def feature_present(image, filter_):
    k = filter_.shape[0]
    if VALUE == "just the rows at most":
        return bool(feature_maps(image, filter_[None]).max() == k)
    if VALUE == "just the rows":
        return bool((feature_maps(image, filter_[None]) == k).any())
    for r in range(image.shape[0] - k + 1):
        for c in range(image.shape[1] - k + 1):
            if (image[r:r + k, c:c + k] * filter_).sum() >= (k * k if VALUE == "cells" else k):
                return True
    return False
