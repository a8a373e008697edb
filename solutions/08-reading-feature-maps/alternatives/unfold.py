import torch
import torch.nn.functional as F


def pixel(images, image, channel, row, column):
    return images.select(0, image).select(0, channel).select(0, row).select(0, column).item()


def dense_parameters(input_shape, units):
    c, h, w = input_shape
    weights = c * h * w * units
    biases = units
    return weights, biases


def parameters_saved(input_shape, filters, kernel_size):
    try:
        kh, kw = kernel_size
    except TypeError:
        kh = kw = kernel_size
    c, h, w = input_shape
    h_out, w_out = h - kh + 1, w - kw + 1
    dense_w, dense_b = dense_parameters(input_shape, filters * h_out * w_out)
    conv_w, conv_b = filters * c * kh * kw, filters
    return (dense_w + dense_b) - (conv_w + conv_b)


def line_filter(size, kind):
    rows = torch.arange(size).view(-1, 1)
    columns = torch.arange(size).view(1, -1)
    tests = {
        "vertical": (columns == size // 2) & (rows >= 0),
        "horizontal": (rows == size // 2) & (columns >= 0),
        "falling": rows == columns,
        "rising": rows + columns == size - 1,
    }
    try:
        return tests[kind].float()
    except KeyError:
        raise ValueError(kind) from None


def feature_maps(image, filters):
    f, k, _ = filters.shape
    h, w = image.shape
    columns = F.unfold(image.reshape(1, 1, h, w), k)[0]              # (k*k, places)
    return (filters.reshape(f, k * k) @ columns).reshape(f, h - k + 1, w - k + 1)


def strongest_response(image, filters):
    maps = feature_maps(image, filters)
    f = int(maps.amax((1, 2)).argmax())
    r = int(maps[f].amax(1).argmax())
    c = int(maps[f, r].argmax())
    return f, r, c


def feature_present(image, filter_):
    missing = feature_maps(1 - image, filter_[None])                # ones of the filter on black pixels
    return bool((missing == 0).any())
