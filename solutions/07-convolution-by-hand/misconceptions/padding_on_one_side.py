"""Padding is added in front only

padding=1 adds one row above and one below, one column left and one right. You add it at the top and
on the left only. See “Padding” in the statement.
"""
import torch

VALUES = ("and counted once", "and counted twice")
VALUE = VALUES[0]


def conv_output_size(size, kernel_size, stride=1, padding=0):
    return (size + (1 if VALUE == "and counted once" else 2) * padding - kernel_size) // stride + 1


def zero_pad(image, padding):
    H, W = image.shape
    padded = torch.zeros(H + padding, W + padding)
    padded[padding:, padding:] = image
    return padded


def cross_correlate(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    out_h = conv_output_size(image.shape[0], kh, stride, padding)
    out_w = conv_output_size(image.shape[1], kw, stride, padding)
    image = zero_pad(image, padding)
    out = torch.zeros(out_h, out_w)
    for i in range(out_h):
        for j in range(out_w):
            window = image[i * stride:i * stride + kh, j * stride:j * stride + kw]
            out[i, j] = (window * kernel).sum()
    return out


def conv2d_by_hand(image, filters, bias=None):
    maps = []
    for f in range(filters.shape[0]):
        total = 0
        for c in range(image.shape[0]):
            total = total + cross_correlate(image[c], filters[f, c])
        if bias is not None:
            total = total + bias[f]
        maps.append(total)
    return torch.stack(maps)
