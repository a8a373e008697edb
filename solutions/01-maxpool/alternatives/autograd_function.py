from typing import NamedTuple

import numpy as np
import torch
from torch import nn


class Axis(NamedTuple):
    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int

    def windows(self, ceil_mode):
        """For each window, the pixels of it that exist."""
        reach = self.dilation * (self.kernel - 1) + 1
        starts = np.arange(-self.padding, self.size, self.stride)
        whole = starts + reach <= self.size + self.padding
        # ceil_mode adds at most one window, and only if the last whole one does not end at the edge
        count = int(whole.sum())
        if ceil_mode and starts[count - 1] + reach < self.size + self.padding and count < len(starts):
            count += 1
        pixels = starts[:count, None] + np.arange(self.kernel) * self.dilation
        return [row[(row >= 0) & (row < self.size)] for row in pixels]


def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    return len(Axis(size, kernel_size, stride or kernel_size, padding, dilation).windows(ceil_mode))


class MaxPool(torch.autograd.Function):
    """Numpy on the way forth, so the way back is written by hand: each gradient goes to the pixel that won."""

    @staticmethod
    def forward(ctx, x, rows, columns):
        image = x.detach().numpy().reshape(-1, *x.shape[2:])
        out = np.empty((len(image), len(rows), len(columns)), dtype=image.dtype)
        ctx.winners, ctx.shape = [], x.shape
        for plane in range(len(image)):
            for i, r in enumerate(rows):
                for j, c in enumerate(columns):
                    window = image[plane][np.ix_(r, c)]
                    a, b = np.unravel_index(window.argmax(), window.shape)
                    out[plane, i, j] = window[a, b]
                    ctx.winners.append((plane, r[a], c[b]))
        return torch.from_numpy(out.reshape(*x.shape[:2], len(rows), len(columns)))

    @staticmethod
    def backward(ctx, gradient):
        back = gradient.new_zeros(ctx.shape)
        planes = back.view(-1, *ctx.shape[2:])
        for (plane, row, column), g in zip(ctx.winners, gradient.flatten()):
            planes[plane, row, column] += g
        return back, None, None


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = kernel_size if stride is None else stride
    kernel_size, stride, padding, dilation = np.broadcast_arrays(
        *[np.broadcast_to(value, 2) for value in (kernel_size, stride, padding, dilation)]
    )
    rows, columns = (
        Axis(*axis).windows(ceil_mode) for axis in zip(x.shape[2:], kernel_size, stride, padding, dilation)
    )
    return MaxPool.apply(x, rows, columns)


def pool_lecture_image(image):
    return nn.MaxPool2d((2, 2), stride=(2, 2)).forward(image.expand(1, 1, -1, -1))
