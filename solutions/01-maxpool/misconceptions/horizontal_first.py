"""A pair is read as (horizontal, vertical)

You take the first number of a pair for the width, as in x and y. Tensors are (N, C, H, W), and
pairs follow them: first the vertical number, then the horizontal one. See “Pairs” in the statement.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

VALUES = ("all", "kernel_size", "stride", "dilation")
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
    return (v[1], v[0]) if VALUE in ("all", name) else v


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    kh, kw = pair(kernel_size, "kernel_size")
    sh, sw = pair(kernel_size if stride is None else stride, "stride")
    ph, pw = pair(padding, "padding")
    dh, dw = pair(dilation, "dilation")
    N, C, H, W = x.shape
    out_h = pool_output_size(H, kh, sh, ph, dh, ceil_mode)
    out_w = pool_output_size(W, kw, sw, pw, dw, ceil_mode)
    # ceil_mode can reach beyond the padding
    extra_h = max(0, (out_h - 1) * sh + dh * (kh - 1) + 1 - (H + 2 * ph))
    extra_w = max(0, (out_w - 1) * sw + dw * (kw - 1) + 1 - (W + 2 * pw))
    x = F.pad(x, (pw, pw + extra_w, ph, ph + extra_h), value=float("-inf"))
    out = torch.empty(N, C, out_h, out_w, dtype=x.dtype)
    for i in range(out_h):
        for j in range(out_w):
            top, left = i * sh, j * sw
            window = x[:, :, top:top + dh * (kh - 1) + 1:dh, left:left + dw * (kw - 1) + 1:dw]
            out[:, :, i, j] = window.amax(dim=(2, 3))
    return out


def pool_lecture_image(image):
    pool = nn.MaxPool2d(kernel_size=2, stride=2)
    return pool(image.reshape(1, 1, image.shape[0], image.shape[1]))
