"""Every channel meets the same kernel

You lay the first kernel of a filter on all channels. A filter of shape (C, kH, kW) is C kernels, one for
each channel: channel c meets filters[f, c]. See “Channels and filters” in the statement.
"""

import torch
import torch.nn.functional as F


def conv_output_size(size, kernel_size, stride=1, padding=0):
    return (size - kernel_size + 2 * padding) // stride + 1


def zero_pad(image, padding):
    return F.pad(image, (padding, padding, padding, padding))


def cross_correlate(image, kernel, stride=1, padding=0):
    image = zero_pad(image, padding)
    h, w = kernel.shape
    return torch.stack(
        [
            torch.stack([(image[y : y + h, x : x + w] * kernel).sum() for x in range(0, image.shape[1] - w + 1, stride)])
            for y in range(0, image.shape[0] - h + 1, stride)
        ]
    )


def conv2d_by_hand(image, filters, bias=None):
    maps = torch.stack([sum(cross_correlate(channel, f[0]) for channel in image) for f in filters])
    if bias is not None:
        maps = maps + bias.view(-1, 1, 1)
    return maps
