"""The first index is taken for x

What you find at row y and column x stands at out[x, y] in the end, which turns the picture on its
side. The first index of a matrix is the row, that is y; the second is the column. See “One window
at a time” in the statement.
"""
import torch


def conv_output_size(size, kernel_size, stride=1, padding=0):
    return (size + 2 * padding - kernel_size) // stride + 1


def zero_pad(image, padding):
    H, W = image.shape
    padded = torch.zeros(H + 2 * padding, W + 2 * padding)
    padded[padding:padding + H, padding:padding + W] = image
    return padded


def cross_correlate(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    height = conv_output_size(image.shape[0], kh, stride, padding)
    width = conv_output_size(image.shape[1], kw, stride, padding)
    image = zero_pad(image, padding)
    out = torch.zeros(width, height)
    for x in range(width):
        for y in range(height):
            window = image[y * stride:y * stride + kh, x * stride:x * stride + kw]
            out[x, y] = torch.sum(window * kernel)
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
