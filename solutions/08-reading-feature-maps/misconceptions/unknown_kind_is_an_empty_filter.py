"""An unknown kind of line is no error

A filter of zeros finds nothing, None fails somewhere else, a line that nobody asked for finds something else: all of them
hide the typo of whoever asked. Raise a ValueError, which names
it. See “Line filters” in the statement.
"""
import torch
import torch.nn.functional as F

VALUES = ("zeros", "None", "a rising line")
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
    if VALUE == "a rising line":
        f = torch.flip(torch.eye(size), dims=[1])
    if kind == "vertical" or kind == "horizontal":
        f = torch.zeros(size, size)
    if kind == "vertical":
        f[:, size // 2] = 1
    if kind == "horizontal":
        f[size // 2, :] = 1
    if kind == "falling":
        f = torch.eye(size)
    if kind == "rising":
        f = torch.flip(torch.eye(size), dims=[1])
    return f if VALUE != "None" or kind in ("vertical", "horizontal", "falling", "rising") else None


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
