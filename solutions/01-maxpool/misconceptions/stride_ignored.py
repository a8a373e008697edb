"""The window always moves by its own size

The kernel size is only what the stride is when none is given. A stride that is given decides how far the window moves.
See “Stride” in the statement.
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


def pair(v):
    return v if isinstance(v, tuple) else (v, v)


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    kh, kw = pair(kernel_size)
    sh, sw = kh, kw
    ph, pw = pair(padding)
    dh, dw = pair(dilation)
    N, C, H, W = x.shape
    out_h = pool_output_size(H, kh, sh, ph, dh, ceil_mode)
    out_w = pool_output_size(W, kw, sw, pw, dw, ceil_mode)
    # ceil_mode can reach beyond the padding
    extra_h = max(0, (out_h - 1) * sh + dh * (kh - 1) + 1 - (H + 2 * ph))
    extra_w = max(0, (out_w - 1) * sw + dw * (kw - 1) + 1 - (W + 2 * pw))
    x = F.pad(x, (pw, pw + extra_w, ph, ph + extra_h), value=float("-inf"))
    out = torch.zeros(N, C, out_h, out_w, dtype=x.dtype)
    for i in range(out_h):
        for j in range(out_w):
            top, left = i * sh, j * sw
            window = x[:, :, top:top + dh * (kh - 1) + 1:dh, left:left + dw * (kw - 1) + 1:dw]
            out[:, :, i, j] = window.amax(dim=(2, 3))
    return out


def pool_lecture_image(image):
    pool = nn.MaxPool2d(kernel_size=2, stride=2)
    return pool(image.reshape(1, 1, image.shape[0], image.shape[1]))
