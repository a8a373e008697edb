"""Falling and rising lines are mixed up

Read a line from left to right: a falling one starts at the top, a rising one at the bottom. Row 0
is the top. See “Line filters” in the statement.
"""
import torch
import torch.nn.functional as F

VALUES = ("both", "rising alone", "falling alone")
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


def line_filter(size, kind):
    f = torch.zeros(size, size)
    if kind == "vertical":
        f[:, size // 2] = 1
    elif kind == "horizontal":
        f[size // 2, :] = 1
    elif kind == "falling":
        for i in range(size):
            f[i if VALUE == "rising alone" else size - 1 - i, i] = 1
    elif kind == "rising":
        for i in range(size):
            f[size - 1 - i if VALUE == "falling alone" else i, i] = 1
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
