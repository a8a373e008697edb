"""Loops over plain numbers; torch only at the very end."""
import torch


def pixel(images, image, channel, row, column):
    return float(images[image][channel][row][column])


def dense_parameters(input_shape, units):
    inputs = 1
    for n in input_shape:
        inputs *= n
    return (inputs * units, units)


def parameters_saved(input_shape, filters, kernel_size):
    c, h, w = input_shape
    if type(kernel_size) == int:
        kernel_size = (kernel_size, kernel_size)
    kh, kw = kernel_size
    places = 0
    for top in range(h):
        for left in range(w):
            if top + kh <= h and left + kw <= w:
                places += 1
    weights, biases = dense_parameters(input_shape, places * filters)
    return weights + biases - (kh * kw * c + 1) * filters


def line_filter(size, kind):
    if kind not in ("vertical", "horizontal", "falling", "rising"):
        raise ValueError("kind must be vertical, horizontal, falling or rising")
    rows = []
    for r in range(size):
        row = []
        for c in range(size):
            on = ((kind == "vertical" and c == size // 2) or (kind == "horizontal" and r == size // 2)
                  or (kind == "falling" and r == c) or (kind == "rising" and r + c == size - 1))
            row.append(1.0 if on else 0.0)
        rows.append(row)
    return torch.tensor(rows)


def feature_maps(image, filters):
    pixels, kernels = image.tolist(), filters.tolist()
    k = len(kernels[0])
    maps = []
    for kernel in kernels:
        maps.append([[sum(kernel[i][j] * pixels[r + i][c + j] for i in range(k) for j in range(k))
                      for c in range(len(pixels[0]) - k + 1)]
                     for r in range(len(pixels) - k + 1)])
    return torch.tensor(maps)


def strongest_response(image, filters):
    best = None
    for f, fmap in enumerate(feature_maps(image, filters).tolist()):
        for r, line in enumerate(fmap):
            for c, value in enumerate(line):
                if best is None or value > best[0]:
                    best = (value, f, r, c)
    return best[1:]


def feature_present(image, filter_):
    k = filter_.shape[0]
    for r in range(image.shape[0] - k + 1):
        for c in range(image.shape[1] - k + 1):
            if all(image[r + i, c + j] == 1 for i in range(k) for j in range(k) if filter_[i, j] == 1):
                return True
    return False
