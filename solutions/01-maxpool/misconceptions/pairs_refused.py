"""One number is expected where a pair may stand

kernel_size, stride, padding and dilation may each be a tuple (vertical, horizontal), and a tuple is no number to
calculate with. Take it apart first, and work out height and width separately. See “Pairs” in the statement.
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
    k, p, d = kernel_size, padding, dilation
    s = k if stride is None else stride
    out_h, out_w = (number_of_windows(size, k, s, p, d, ceil_mode) for size in x.shape[2:])
    x = F.pad(x, (p, p + s * out_w + d * k, p, p + s * out_h + d * k), value=float("-inf"))
    rows = []
    for i in range(out_h):
        row = []
        for j in range(out_w):
            row.append(x[:, :, i * s:i * s + d * (k - 1) + 1:d, j * s:j * s + d * (k - 1) + 1:d].amax(dim=(2, 3)))
        rows.append(torch.stack(row, dim=-1))
    return torch.stack(rows, dim=-2)


def pool_lecture_image(image):
    return nn.MaxPool2d(kernel_size=2, stride=2)(image.reshape(1, 1, *image.shape))
