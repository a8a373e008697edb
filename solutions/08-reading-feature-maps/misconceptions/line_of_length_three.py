"""The lines are those of a 3 x 3 filter, whatever its size

The lecture's window is 3 x 3. In a larger one the line still goes through the middle, `size // 2`, and from edge to edge.
See “Line filters” in the statement.
"""
import torch
import torch.nn.functional as F

VALUES = ("around the middle", "at row and column 1")
VALUE = VALUES[0]


def pixel(images, image, channel, row, column):
    return images[image, channel, row, column].item()


def dense_parameters(input_shape, units):
    c, h, w = input_shape
    return c * h * w * units, units


def parameters_saved(input_shape, filters, kernel_size):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    c, h, w = input_shape
    kh, kw = kernel_size
    outputs = filters * (h - kh + 1) * (w - kw + 1)
    dense = c * h * w * outputs + outputs
    conv = filters * c * kh * kw + filters
    return dense - conv


def through(m, size, kind):
    f = torch.zeros(size, size)
    for i in range(size):
        if kind == "vertical":
            f[i, m] = 1
        elif kind == "horizontal":
            f[m, i] = 1
        elif kind == "falling":
            f[i, i] = 1
        elif kind == "rising":
            f[i, size - 1 - i] = 1
        else:
            raise ValueError("unknown kind: " + kind)
    return f


def line_filter(size, kind):
    f = torch.zeros(size, size)
    m = size // 2
    if VALUE == "at row and column 1":
        return through(1, size, kind)
    steps = (-1, 0, 1) if size > 1 else (0,)
    for i in steps:
        if kind == "vertical":
            f[m + i, m] = 1
        elif kind == "horizontal":
            f[m, m + i] = 1
        elif kind == "falling":
            f[m + i, m + i] = 1
        elif kind == "rising":
            f[m - i, m + i] = 1
        else:
            raise ValueError("unknown kind: " + kind)
    return f


def feature_maps(image, filters):
    out = F.conv2d(image.unsqueeze(0).unsqueeze(0), filters.unsqueeze(1))
    return out.squeeze(0)


def strongest_response(image, filters):
    maps = feature_maps(image, filters)
    n, h, w = maps.shape
    index = maps.argmax().item()
    return index // (h * w), index % (h * w) // w, index % w


def feature_present(image, filter_):
    response = feature_maps(image, filter_.unsqueeze(0))
    return bool((response == filter_.sum()).any())
