"""One function does it all: a strided view of the windows and a tensordot."""
import torch


class Correlation:
    def __init__(self, stride=1, padding=0):
        self.stride, self.padding = stride, padding

    def windows(self, x, kh, kw):
        # x: (C, H, W) -> (C, H', W', kh, kw), no copy
        c, h, w = x.shape
        sc, sh, sw = x.stride()
        return x.as_strided(
            (c, conv_output_size(h, kh, self.stride), conv_output_size(w, kw, self.stride), kh, kw),
            (sc, sh * self.stride, sw * self.stride, sh, sw),
            x.storage_offset(),
        )

    def __call__(self, x, weights):
        if self.padding:
            x = torch.stack([zero_pad(plane, self.padding) for plane in x])
        windows = self.windows(x, *weights.shape[-2:])
        return torch.tensordot(weights, windows, dims=([1, 2, 3], [0, 3, 4]))


def conv_output_size(size, kernel_size, stride=1, padding=0):
    places, position = 0, 0
    while position + kernel_size <= size + 2 * padding:
        places += 1
        position += stride
    return places


def zero_pad(image, padding):
    h, w = image.shape
    side = torch.zeros((h, padding))
    top = torch.zeros((padding, w + 2 * padding))
    return torch.cat([top, torch.cat([side, image, side], dim=1), top], dim=0)


def cross_correlate(image, kernel, stride=1, padding=0):
    return Correlation(stride, padding)(image.unsqueeze(0), kernel.unsqueeze(0).unsqueeze(0)).squeeze(0)


def conv2d_by_hand(image, filters, bias=None):
    result = Correlation()(image, filters)
    if bias is not None:
        for f in range(len(bias)):
            result[f] += bias[f]
    return result
