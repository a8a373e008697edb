"""With dilation, the window ends after as many pixels as the kernel has

A slice x[i : i + kernel_size : dilation] takes every d-th pixel of the first kernel_size ones, fewer than the window has. It
has to reach over dilation * (kernel_size - 1) + 1 pixels. See “Dilation” in the statement.
"""

import torch
import torch.nn.functional as F
from torch import nn


def number_of_windows(size, kernel_size, stride, padding, dilation, ceil_mode):
    travel = size + 2 * padding - dilation * (kernel_size - 1) - 1
    if not ceil_mode:
        return travel // stride + 1
    out = -(-travel // stride) + 1
    return out - 1 if (out - 1) * stride >= size + padding else out


def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    return number_of_windows(size, kernel_size, stride, padding, dilation, ceil_mode)


def pair(v):
    return v if isinstance(v, tuple) else (v, v)


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    kh, kw = pair(kernel_size)
    sh, sw = pair(stride) if stride is not None else (kh, kw)
    ph, pw = pair(padding)
    dh, dw = pair(dilation)
    N, C, H, W = x.shape
    out_h = number_of_windows(H, kh, sh, ph, dh, ceil_mode)
    out_w = number_of_windows(W, kw, sw, pw, dw, ceil_mode)
    # ceil_mode can reach beyond the padding
    extra_h = max(0, (out_h - 1) * sh + dh * (kh - 1) + 1 - (H + 2 * ph))
    extra_w = max(0, (out_w - 1) * sw + dw * (kw - 1) + 1 - (W + 2 * pw))
    x = F.pad(x, (pw, pw + extra_w, ph, ph + extra_h), value=float("-inf"))
    out = torch.empty(N, C, out_h, out_w, dtype=x.dtype)
    for i in range(out_h):
        for j in range(out_w):
            top, left = i * sh, j * sw
            window = x[:, :, top:top + kh:dh, left:left + kw:dw]
            out[:, :, i, j] = window.amax(dim=(2, 3))
    return out


def pool_lecture_image(image):
    return nn.MaxPool2d(kernel_size=2, stride=2)(image.reshape(1, 1, *image.shape))
