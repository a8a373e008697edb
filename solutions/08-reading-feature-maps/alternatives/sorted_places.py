"""A class for what is found; the places are sorted."""
from collections import namedtuple

import torch

Place = namedtuple("Place", "filter row column")
Count = namedtuple("Count", "weights biases")


def pixel(images, image, channel, row, column):
    n, c, h, w = images.shape
    return images.reshape(-1)[((image * c + channel) * h + row) * w + column].item()


def dense_parameters(input_shape, units):
    return Count(weights=units * torch.Size(input_shape).numel(), biases=units)


def parameters_saved(input_shape, filters, kernel_size):
    kernel = (kernel_size,) * 2 if isinstance(kernel_size, int) else tuple(kernel_size)
    rows, columns = (n - k + 1 for n, k in zip(input_shape[1:], kernel))
    # each unit of the dense layer has a weight for every input, each filter one for its window
    dense = sum(dense_parameters(input_shape, filters * rows * columns))
    conv = sum(dense_parameters((input_shape[0], *kernel), filters))
    return dense - conv


def line_filter(size, kind):
    half = size // 2
    steps = {"vertical": (1, 0), "horizontal": (0, 1), "falling": (1, 1), "rising": (-1, 1)}.get(kind)
    if steps is None:
        raise ValueError(f"{kind} is not a line")
    down, right = steps
    result = torch.zeros((size, size), dtype=torch.float32)
    for t in range(-half, half + 1):
        result[half + t * down, half + t * right] = 1.0
    return result


def feature_maps(image, filters):
    k = filters.shape[-1]
    windows = image.unfold(0, k, 1).unfold(1, k, 1)                 # (H', W', k, k)
    return torch.stack([(windows * one).sum((-1, -2)) for one in filters])


def strongest_response(image, filters):
    maps = feature_maps(image, filters)
    places = [Place(f, r, c) for f in range(maps.shape[0]) for r in range(maps.shape[1]) for c in range(maps.shape[2])]
    return min(places, key=lambda place: (-float(maps[place]), place))


def feature_present(image, filter_):
    ones = filter_.nonzero()
    k = filter_.shape[0]
    for top in range(image.shape[0] - k + 1):
        for left in range(image.shape[1] - k + 1):
            rows, columns = (ones + torch.tensor([top, left])).unbind(1)
            if image[rows, columns].min() == 1:
                return True
    return False
