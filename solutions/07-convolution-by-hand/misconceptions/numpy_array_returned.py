"""A numpy array is returned where a tensor is promised

The values are right. Going through numpy is fine; come back with torch.from_numpy, and mind the dtype. See “Dtype”
in the statement.
"""

import numpy as np
import torch
import torch.nn.functional as F

VALUES = ("float32", "float64")
VALUE = VALUES[0]


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
    image, kernel = np.pad(image.numpy(), padding), kernel.numpy()
    out_h = number_of_places(image.shape[0], kh, stride, 0)
    out_w = number_of_places(image.shape[1], kw, stride, 0)
    out = np.zeros((out_h, out_w), dtype=np.float32 if VALUE == "float32" else np.float64)
    for i in range(out_h):
        for j in range(out_w):
            out[i, j] = (image[i * stride:i * stride + kh, j * stride:j * stride + kw] * kernel).sum()
    return out


def conv2d_by_hand(image, filters, bias=None):
    maps = []
    for f in range(filters.shape[0]):
        total = sum(torch.tensor(cross_correlate(image[c], filters[f, c])) for c in range(image.shape[0])).float()
        maps.append(total if bias is None else total + bias[f])
    return torch.stack(maps)
