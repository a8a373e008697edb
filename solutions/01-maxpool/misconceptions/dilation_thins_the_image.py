"""With dilation, pixels are left out of the image instead of the window

x[..., ::d] throws pixels away before any window is laid on the image, so windows no longer start at every place.
Dilation spreads the pixels of one window; the next window starts a stride further on in the whole image. See “Dilation”
in the statement.
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
    if (dh, dw) == (1, 1):
        out_h = number_of_windows(H, kh, sh, ph, dh, ceil_mode)
        out_w = number_of_windows(W, kw, sw, pw, dw, ceil_mode)
    else:
        x = F.pad(x, (pw, pw, ph, ph), value=float("-inf"))[:, :, ::dh, ::dw]
        out_h = number_of_windows(x.shape[2], kh, sh, 0, 1, ceil_mode)
        out_w = number_of_windows(x.shape[3], kw, sw, 0, 1, ceil_mode)
        ph = pw = 0
    x = F.pad(x, (pw, pw + sw + kw, ph, ph + sh + kh), value=float("-inf"))
    out = torch.empty(N, C, out_h, out_w, dtype=x.dtype)
    for i in range(out_h):
        for j in range(out_w):
            top, left = i * sh, j * sw
            window = x[:, :, top:top + kh, left:left + kw]
            out[:, :, i, j] = window.amax(dim=(2, 3))
    return out


def pool_lecture_image(image):
    return nn.MaxPool2d(kernel_size=2, stride=2)(image.reshape(1, 1, *image.shape))
