"""Only the first channel is looked at

You use image[0] and the first kernel of each filter. A filter has a kernel for every channel, and
what they find is added up. See “Channels and filters” in the statement.
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
    for f in filters:
        m = cross_correlate(image[0], f[0])
        maps.append(m if bias is None else m + bias[len(maps)])
    return torch.stack(maps)
