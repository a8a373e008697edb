"""The result is float64 instead of float32

np.zeros makes float64, and torch.from_numpy keeps it. Your values are right; the image was float32,
and so must be the result: the next layer would refuse it. See “Dtype” in the statement.
"""
import numpy as np
import torch

VALUES = ("the feature map", "the padded image", "both")
VALUE = VALUES[0]


def conv_output_size(size, kernel_size, stride=1, padding=0):
    return (size + 2 * padding - kernel_size) // stride + 1


def zero_pad(image, padding):
    out = np.pad(image.numpy(), padding)
    return torch.from_numpy(out if VALUE == "the feature map" else out.astype(np.float64))


def cross_correlate(image, kernel, stride=1, padding=0):
    image, kernel = np.pad(image.numpy(), padding), kernel.numpy()
    kh, kw = kernel.shape
    out_h = conv_output_size(image.shape[0], kh, stride)
    out_w = conv_output_size(image.shape[1], kw, stride)
    out = np.zeros((out_h, out_w), dtype=np.float32 if VALUE == "the padded image" else np.float64)
    for i in range(out_h):
        for j in range(out_w):
            window = image[i * stride:i * stride + kh, j * stride:j * stride + kw]
            out[i, j] = np.sum(window * kernel)
    return torch.from_numpy(out)


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
