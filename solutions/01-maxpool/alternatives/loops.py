"""Plain loops over the windows; each window is cut off at the border, so no padding is needed."""
import math

import torch
import torch.nn as nn


def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    steps = (size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride
    if ceil_mode:
        out = math.ceil(steps) + 1
        if (out - 1) * stride >= size + padding:
            out = out - 1
        return out
    return math.floor(steps) + 1


def to_pair(v):
    if isinstance(v, tuple):
        return v
    return (v, v)


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    kh, kw = to_pair(kernel_size)
    sh, sw = to_pair(stride)
    ph, pw = to_pair(padding)
    dh, dw = to_pair(dilation)
    n, c, h, w = x.shape
    oh = pool_output_size(h, kh, sh, ph, dh, ceil_mode)
    ow = pool_output_size(w, kw, sw, pw, dw, ceil_mode)
    out = torch.zeros(n, c, oh, ow, dtype=x.dtype)
    for i in range(oh):
        rows = [i * sh - ph + a * dh for a in range(kh)]
        rows = [r for r in rows if 0 <= r < h]
        for j in range(ow):
            cols = [j * sw - pw + b * dw for b in range(kw)]
            cols = [q for q in cols if 0 <= q < w]
            window = x[:, :, rows][:, :, :, cols]
            out[:, :, i, j] = window.reshape(n, c, -1).max(dim=2).values
    return out


def pool_lecture_image(image):
    pool = nn.MaxPool2d(2)
    return pool(image.unsqueeze(0).unsqueeze(0))


if __name__ == "__main__":
    img = torch.tensor([[1., 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])
    print(max_pool2d(img[None, None], 2))
    print(torch.nn.functional.max_pool2d(img[None, None], 2))
