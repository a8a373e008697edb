"""ceil_mode changes nothing

The parameter is there, but your output size is rounded down with it as without it. With ceil_mode
the windows that hang over the far edge count as well. See “Floor or ceiling” in the statement.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = stride or kernel_size
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1


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
    x = F.pad(x, (pw, pw, ph, ph), value=float("-inf"))
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
