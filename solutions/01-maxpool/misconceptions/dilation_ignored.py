"""Dilation changes nothing

Your windows look at neighbouring pixels whatever the dilation is. With dilation d a window looks at
every d-th pixel, and so reaches further. See “Dilation” in the statement.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = kernel_size if stride is None else stride
    out = (size + 2 * padding - kernel_size) / stride
    out = int(math.ceil(out) if ceil_mode else math.floor(out)) + 1
    if ceil_mode and (out - 1) * stride >= size + padding:
        out = out - 1
    return out


def pair(v):
    return v if isinstance(v, tuple) else (v, v)


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    kh, kw = pair(kernel_size)
    sh, sw = pair(stride) if stride is not None else (kh, kw)
    ph, pw = pair(padding)
    N, C, H, W = x.shape
    out_h = pool_output_size(H, kh, sh, ph, ceil_mode=ceil_mode)
    out_w = pool_output_size(W, kw, sw, pw, ceil_mode=ceil_mode)
    # ceil_mode can reach beyond the padding
    extra_h = max(0, (out_h - 1) * sh + kh - (H + 2 * ph))
    extra_w = max(0, (out_w - 1) * sw + kw - (W + 2 * pw))
    x = F.pad(x, (pw, pw + extra_w, ph, ph + extra_h), value=float("-inf"))
    out = torch.empty(N, C, out_h, out_w, dtype=x.dtype)
    for i in range(out_h):
        for j in range(out_w):
            top, left = i * sh, j * sw
            window = x[:, :, top:top + kh, left:left + kw]
            out[:, :, i, j] = window.amax(dim=(2, 3))
    return out


def pool_lecture_image(image):
    pool = nn.MaxPool2d(kernel_size=2, stride=2)
    return pool(image.reshape(1, 1, image.shape[0], image.shape[1]))
