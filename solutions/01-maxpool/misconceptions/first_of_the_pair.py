"""Only the first number of a pair is used

A pair gives each direction its own number, the vertical one first. You take the first one for both. See “Pairs” in
the statement.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

VALUES = ("all", "kernel_size", "stride", "padding", "dilation")
VALUE = VALUES[0]


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


def pair(v, name):
    if not isinstance(v, tuple):
        return v, v
    return (v[0], v[0]) if VALUE in ("all", name) else v


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    kh, kw = pair(kernel_size, "kernel_size")
    sh, sw = pair(kernel_size if stride is None else stride, "stride")
    ph, pw = pair(padding, "padding")
    dh, dw = pair(dilation, "dilation")
    H, W = x.shape[2:]
    out_h = pool_output_size(H, kh, sh, ph, dh, ceil_mode)
    out_w = pool_output_size(W, kw, sw, pw, dw, ceil_mode)
    x = F.pad(x, (pw, pw + sw + kw * dw, ph, ph + sh + kh * dh), value=float("-inf"))
    windows = x.unfold(2, dh * (kh - 1) + 1, sh).unfold(3, dw * (kw - 1) + 1, sw)[..., ::dh, ::dw]
    return windows[:, :, :out_h, :out_w].amax(dim=(-2, -1))


def pool_lecture_image(image):
    pool = nn.MaxPool2d(kernel_size=2, stride=2)
    return pool(image.reshape(1, 1, image.shape[0], image.shape[1]))
