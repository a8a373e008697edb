"""The image is padded

Nothing is padded here: a map has H - k + 1 rows and W - k + 1 columns, one number for each place of
the whole filter. See “Feature maps” in the statement.
"""
import torch
import torch.nn.functional as F

VALUES = ("half a filter", "one pixel")
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
            f[i, i] = 1
    elif kind == "rising":
        for i in range(size):
            f[size - 1 - i, i] = 1
    else:
        raise ValueError("unknown kind: " + kind)
    return f


def feature_maps(image, filters):
    padding = filters.shape[-1] // 2 if VALUE == "half a filter" else 1
    out = F.conv2d(image.unsqueeze(0).unsqueeze(0), filters.unsqueeze(1), padding=padding)
    return out.squeeze(0)


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
