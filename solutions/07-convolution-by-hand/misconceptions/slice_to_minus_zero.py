"""Padding 0 is cut out with [p:-p]

padded[p:-p] leaves out p rows at either end, but for p = 0 it reads padded[0:0], which is empty: -0 is 0,
and counts from the front. Without padding nothing works any more. Say where the image ends instead:
padded[p : p + height]. See “Padding” in the statement.
"""

import torch

VALUES = ("assigned", "added")
VALUE = VALUES[0]


def conv_output_size(size, kernel_size, stride=1, padding=0):
    return (size + 2 * padding - kernel_size) // stride + 1


def zero_pad(image, padding):
    height, width = image.shape
    padded = torch.zeros(height + 2 * padding, width + 2 * padding)
    if VALUE == "added":
        padded[padding:-padding, padding:-padding] += image
    else:
        padded[padding:-padding, padding:-padding] = image
    return padded


def cross_correlate(image, kernel, stride=1, padding=0):
    padded = zero_pad(image, padding)
    kh, kw = kernel.shape
    rows = conv_output_size(image.shape[0], kh, stride, padding)
    cols = conv_output_size(image.shape[1], kw, stride, padding)
    out = torch.zeros(rows, cols)
    for i in range(rows):
        for j in range(cols):
            window = padded[i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[i, j] = (window * kernel).sum()
    return out


def conv2d_by_hand(image, filters, bias=None):
    maps = []
    for n, filt in enumerate(filters):
        out = cross_correlate(image[0], filt[0])
        for c in range(1, image.shape[0]):
            out = out + cross_correlate(image[c], filt[c])
        if bias is not None:
            out = out + bias[n]
        maps.append(out)
    return torch.stack(maps)
