# Fancy indexing: a table of row numbers and a table of column numbers, a mask says which of them are real.
from torch import *
import torch.nn as nn


def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None: stride = kernel_size
    reach = dilation*(kernel_size - 1) + 1
    n, rest = divmod(size + 2*padding - reach, stride)
    n += 1
    if ceil_mode and rest and n*stride < size + padding: n += 1
    return n


def table(size, k, s, p, d, cm):
    n = pool_output_size(size, k, s, p, d, cm)
    s = k if s is None else s
    idx = arange(n)[:, None]*s + arange(k)[None, :]*d - p         # (n, k)
    return idx.clamp(0, size - 1), (idx >= 0) & (idx < size)


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    both = lambda v: v if type(v) is tuple else (v, v)
    kernel_size, stride, padding, dilation = both(kernel_size), both(stride), both(padding), both(dilation)
    r, rok = table(x.shape[-2], kernel_size[0], stride[0], padding[0], dilation[0], ceil_mode)
    c, cok = table(x.shape[-1], kernel_size[1], stride[1], padding[1], dilation[1], ceil_mode)
    w = x[:, :, r[:, None, :, None], c[None, :, None, :]]          # (N, C, H', W', kh, kw)
    ok = rok[:, None, :, None] & cok[None, :, None, :]
    w = where(ok, w, tensor(-inf, dtype=x.dtype))
    return w.flatten(-2).sort(dim=-1, descending=True)[0][..., 0]


pool = nn.MaxPool2d(2, 2, return_indices=True)


def pool_lecture_image(image):
    values, where_from = pool(image.expand(1, 1, -1, -1))
    return values
