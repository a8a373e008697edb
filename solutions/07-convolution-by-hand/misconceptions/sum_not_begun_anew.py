"""The sum of one filter is carried into the next

Each filter's map begins at zero. Begun before the loop over the filters, the sum of the second one still holds the
first one's. See “Channels and filters” in the statement.
"""

import torch
import torch.nn.functional as F


def number_of_places(size, kernel_size, stride, padding):
    return (size + 2 * padding - kernel_size) // stride + 1


def conv_output_size(size, kernel_size, stride=1, padding=0):
    return number_of_places(size, kernel_size, stride, padding)


def framed(image, padding):
    return F.pad(image, (padding, padding, padding, padding))


def zero_pad(image, padding):
    return framed(image, padding)


def cross_correlate(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    out_h = number_of_places(image.shape[0], kh, stride, padding)
    out_w = number_of_places(image.shape[1], kw, stride, padding)
    image = framed(image, padding)
    out = torch.zeros(out_h, out_w)
    for i in range(out_h):
        for j in range(out_w):
            window = image[i * stride:i * stride + kh, j * stride:j * stride + kw]
            out[i, j] = (window * kernel).sum()
    return out


def conv2d_by_hand(image, filters, bias=None):
    maps = []
    total = 0
    for f in range(filters.shape[0]):
        for c in range(image.shape[0]):
            total = total + cross_correlate(image[c], filters[f, c])
        if bias is not None:
            total = total + bias[f]
        maps.append(total)
    return torch.stack(maps)
