"""The kernel is taken to be square

Height and width of a kernel are two numbers. You use one of them for both directions. See “How many places” in the
statement.
"""

import torch
import torch.nn.functional as F

VALUES = ('height, in the window', 'width, in the window', 'height, everywhere', 'width, everywhere')
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
    side = kh if "height" in VALUE else kw
    if "everywhere" in VALUE:
        kh = kw = side
    oh = conv_output_size(image.shape[0], kh, stride, padding)
    ow = conv_output_size(image.shape[1], kw, stride, padding)
    padded = zero_pad(image, padding)
    out = torch.zeros(oh, ow)
    for i in range(oh):
        for j in range(ow):
            top = i * stride
            left = j * stride
            window = padded[top:top + side, left:left + side]
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
    return torch.stack(maps)
