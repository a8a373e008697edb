"""Only the first number of a pair is used

A pair gives each direction its own number. You take the first one for both, so that every window is
square. See “Pairs” in the statement.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    travel = size + 2 * padding - dilation * (kernel_size - 1) - 1
    if ceil_mode:
        out = math.ceil(travel / stride) + 1
        if (out - 1) * stride >= size + padding:
            out -= 1
        return out
    return travel // stride + 1


def one(v):
    # a tuple like (2, 2)
    return v[0] if isinstance(v, tuple) else v


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    k = one(kernel_size)
    s = k if stride is None else one(stride)
    p = one(padding)
    d = one(dilation)
    H, W = x.shape[2:]
    out_h = pool_output_size(H, k, s, p, d, ceil_mode)
    out_w = pool_output_size(W, k, s, p, d, ceil_mode)
    x = F.pad(x, (p, p + s + k * d, p, p + s + k * d), value=float("-inf"))
    windows = x.unfold(2, d * (k - 1) + 1, s).unfold(3, d * (k - 1) + 1, s)[..., ::d, ::d]
    return windows[:, :, :out_h, :out_w].amax(dim=(-2, -1))


def pool_lecture_image(image):
    pool = nn.MaxPool2d(kernel_size=2, stride=2)
    return pool(image.reshape(1, 1, image.shape[0], image.shape[1]))
