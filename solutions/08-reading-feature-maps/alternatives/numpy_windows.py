# everything in numpy
import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view


def pixel(images, image, channel, row, column):
    return np.float64(images.numpy()[image, channel, row, column])


def dense_parameters(input_shape, units):
    return int(np.prod(input_shape)) * units, units


def parameters_saved(input_shape, filters, kernel_size):
    C, H, W = input_shape
    kh, kw = np.broadcast_to(kernel_size, 2)
    out = filters * (H - kh + 1) * (W - kw + 1)
    return np.sum(dense_parameters(input_shape, out)) - filters * (C * kh * kw + 1)


def line_filter(size, kind):
    eye = np.eye(size, dtype=np.float32)
    bar = np.zeros((size, size), dtype=np.float32)
    bar[size // 2] = 1
    lines = {"vertical": bar.T, "horizontal": bar, "falling": eye, "rising": eye[::-1]}
    if kind not in lines:
        raise ValueError(kind)
    return torch.from_numpy(lines[kind].copy())


def feature_maps(image, filters):
    image, filters = image.numpy(), filters.numpy()
    windows = sliding_window_view(image, filters.shape[1:])
    return torch.from_numpy(np.einsum("hwij,fij->fhw", windows, filters).astype(np.float32))


def strongest_response(image, filters):
    maps = feature_maps(image, filters).numpy()
    return tuple(int(i) for i in np.unravel_index(maps.argmax(), maps.shape))


def feature_present(image, filter_):
    windows = sliding_window_view(image.numpy(), tuple(filter_.shape))
    covered = (windows >= filter_.numpy()).all(axis=(-1, -2))
    return bool(covered.any())
