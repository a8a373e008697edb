# Tensor.unfold makes the windows; a dilated window is every d-th pixel of a wide one.
import torch
from torch import nn, Tensor
from torch.nn import functional as F


def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = kernel_size if stride is None else stride
    wide = (kernel_size - 1) * dilation + 1
    starts = range(-padding, size + padding, stride)
    if ceil_mode:
        # every start before the far padding, up to the first window that reaches the end
        count = 0
        for s in starts:
            if s >= size:
                break
            count += 1
            if s + wide >= size + padding:
                break
        return count
    return len([s for s in starts if s + wide <= size + padding])


def _two(v):
    return (int(v), int(v)) if not isinstance(v, (tuple, list)) else tuple(v)


def max_pool2d(x: Tensor, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False) -> Tensor:
    k = _two(kernel_size)
    s = k if stride is None else _two(stride)
    p, d = _two(padding), _two(dilation)
    for axis in (2, 3):
        a = axis - 2
        size = x.size(axis)
        n = pool_output_size(size, k[a], s[a], p[a], d[a], ceil_mode)
        wide = (k[a] - 1) * d[a] + 1
        length = (n - 1) * s[a] + wide
        extra = max(length - size - p[a], 0)
        pads = (p[1], extra, 0, 0) if axis == 3 else (0, 0, p[0], extra)
        x = F.pad(x, pads, mode="constant", value=-torch.inf)
        x = x.narrow(axis, 0, length).unfold(axis, wide, s[a])[..., :: d[a]].max(-1)[0]
    return x


def pool_lecture_image(image: Tensor) -> Tensor:
    H, W = image.shape
    return nn.Sequential(nn.MaxPool2d(kernel_size=(2, 2), stride=(2, 2))).forward(image.view(1, 1, H, W))
