"""The mean of the window is taken instead of its maximum

Average pooling is an operation, too, but another one: max pooling keeps the largest pixel of each
window and forgets the rest. See “One window at a time” in the statement.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

VALUES = ("of pixels", "of padding too", "of padding of -inf")
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


def pair(v):
    return v if isinstance(v, tuple) else (v, v)


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    kh, kw = pair(kernel_size)
    sh, sw = pair(stride) if stride is not None else (kh, kw)
    ph, pw = pair(padding)
    dh, dw = pair(dilation)
    N, C, H, W = x.shape
    out_h = pool_output_size(H, kh, sh, ph, dh, ceil_mode)
    out_w = pool_output_size(W, kw, sw, pw, dw, ceil_mode)
    # ceil_mode can reach beyond the padding
    extra_h = max(0, (out_h - 1) * sh + dh * (kh - 1) + 1 - (H + 2 * ph))
    extra_w = max(0, (out_w - 1) * sw + dw * (kw - 1) + 1 - (W + 2 * pw))
    real = F.pad(torch.ones_like(x), (pw, pw + extra_w, ph, ph + extra_h))
    filler = float("-inf") if VALUE == "of padding of -inf" else 0.0
    x = F.pad(x, (pw, pw + extra_w, ph, ph + extra_h), value=filler)
    out = torch.empty(N, C, out_h, out_w, dtype=x.dtype)
    for i in range(out_h):
        for j in range(out_w):
            rows = slice(i * sh, i * sh + dh * (kh - 1) + 1, dh)
            cols = slice(j * sw, j * sw + dw * (kw - 1) + 1, dw)
            out[:, :, i, j] = x[:, :, rows, cols].sum((2, 3)) / (real[:, :, rows, cols].sum((2, 3)) if VALUE == "of pixels" else kh * kw)
    return out


def pool_lecture_image(image):
    pool = nn.AvgPool2d(kernel_size=2, stride=2)
    return pool(image[None, None])
