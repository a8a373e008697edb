"""Windows as columns: F.unfold, one channel at a time, on an image padded by hand."""
from math import ceil, inf

import torch
import torch.nn.functional as F


def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, verbose=False):
    stride = stride or kernel_size
    free = size + 2 * padding - (dilation * (kernel_size - 1) + 1)
    n = (ceil(free / stride) if ceil_mode else free // stride) + 1
    while ceil_mode and (n - 1) * stride - padding >= size:
        n -= 1
    if verbose:
        print(size, "->", n)
    return n


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, verbose=False):
    def pair(v):
        return v if isinstance(v, tuple) else (v,) * 2

    K = pair(kernel_size)
    S = pair(stride or kernel_size)
    P, D = pair(padding), pair(dilation)
    N, C, H, W = x.shape
    OH = pool_output_size(H, K[0], S[0], P[0], D[0], ceil_mode)
    OW = pool_output_size(W, K[1], S[1], P[1], D[1], ceil_mode)
    need_h = (OH - 1) * S[0] + D[0] * (K[0] - 1) + 1
    need_w = (OW - 1) * S[1] + D[1] * (K[1] - 1) + 1

    canvas = x.new_full((N, C, max(need_h, H + P[0]), max(need_w, W + P[1])), -inf)
    canvas[:, :, P[0]:P[0] + H, P[1]:P[1] + W] = x
    canvas = canvas[:, :, :need_h, :need_w].reshape(N * C, 1, need_h, need_w)
    columns = F.unfold(canvas, K, dilation=D, stride=S)     # (N*C, kh*kw, OH*OW)
    print("columns:", tuple(columns.shape)) if verbose else None
    return torch.amax(columns, dim=1).view(N, C, OH, OW)


def pool_lecture_image(image):
    m = torch.nn.MaxPool2d(2, 2)
    out = m(image[None])
    return out[None]
