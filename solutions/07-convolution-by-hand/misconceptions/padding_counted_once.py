"""The output size counts the padding once

Padding is added at both ends of an axis: it lengthens the axis by 2 * padding. You pad the image on both sides, and count
one of them. See “Padding” in the statement.
"""
import torch

VALUES = ("in the size alone", "in the result too")
VALUE = VALUES[0]


def conv_output_size(size, kernel_size, stride=1, padding=0):
    return (size + padding - kernel_size) // stride + 1


def zero_pad(image, padding):
    H, W = image.shape
    padded = torch.zeros(H + 2 * padding, W + 2 * padding)
    padded[padding:padding + H, padding:padding + W] = image
    return padded


def cross_correlate(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    size = image.shape
    image = zero_pad(image, padding)
    out_h, out_w = ((n - k) // stride + 1 for n, k in zip(image.shape, (kh, kw)))
    if VALUE == "in the result too":
        out_h, out_w = (conv_output_size(n, k, stride, padding) for n, k in zip(size, (kh, kw)))
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
