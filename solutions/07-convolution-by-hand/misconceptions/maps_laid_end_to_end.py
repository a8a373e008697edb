"""The maps are laid end to end instead of on top of each other

torch.cat joins along an axis that is there already; torch.stack makes a new one, of one map for each filter: (F, H', W').
See “Channels and filters” in the statement.
"""

import torch
import torch.nn.functional as F

VALUES = (0, 1)
VALUE = VALUES[0]


def conv_output_size(size, kernel_size, stride=1, padding=0):
    return (size + 2 * padding - kernel_size) // stride + 1


def zero_pad(image, padding):
    h, w = image.shape
    out = torch.zeros(h + 2 * padding, w + 2 * padding)
    out[padding:h + padding, padding:w + padding] = image
    return out


def cross_correlate(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    oh = conv_output_size(image.shape[0], kh, stride, padding)
    ow = conv_output_size(image.shape[1], kw, stride, padding)
    padded = zero_pad(image, padding)
    out = torch.zeros(oh, ow)
    for i in range(oh):
        for j in range(ow):
            top = i * stride
            left = j * stride
            window = padded[top:top + kh, left:left + kw]
            out[i, j] = (window * kernel).sum()
    return out


def conv2d_by_hand(image, filters, bias=None):
    f, c, kh, kw = filters.shape
    maps = []
    for n in range(f):
        total = 0
        for ch in range(c):
            total = total + cross_correlate(image[ch], filters[n, ch])
        if bias is not None:
            total = total + bias[n]
        maps.append(total)
    return torch.cat(maps, dim=VALUE)
