import torch
import torch.nn.functional as F

NEG_INF = float("-inf")


def pool_output_size(size: int, kernel_size: int, stride: int = None, padding: int = 0, dilation: int = 1,
                     ceil_mode: bool = False) -> int:
    if not stride:
        stride = kernel_size
    numerator = size + 2 * padding - dilation * (kernel_size - 1) - 1
    if ceil_mode:
        out = int((numerator + stride - 1) // stride + 1)
        return out - 1 if (out - 1) * stride >= size + padding else out
    return int(numerator / stride) + 1


def pairs(*values):
    return [v if isinstance(v, (tuple, list)) else (v, v) for v in values]


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    """running maximum over the positions inside the window"""
    stride = kernel_size if stride is None else stride
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = pairs(kernel_size, stride, padding, dilation)
    out_h = pool_output_size(x.size(2), kh, sh, ph, dh, ceil_mode)
    out_w = pool_output_size(x.size(3), kw, sw, pw, dw, ceil_mode)
    # generous padding, as much as ceil mode could ever need
    x = F.pad(x, [pw, pw + sw, ph, ph + sh], "constant", NEG_INF)
    best = None
    for i in range(kh):
        for j in range(kw):
            candidate = x[..., i * dh::sh, j * dw::sw][..., :out_h, :out_w]
            best = candidate if best is None else torch.maximum(best, candidate)
    return best


def pool_lecture_image(image):
    x = torch.unsqueeze(image, 0)
    x = torch.unsqueeze(x, 0)
    print("input", x.shape)
    layer = torch.nn.modules.pooling.MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1)
    y = layer(x)
    print("output", y.shape)
    return y
