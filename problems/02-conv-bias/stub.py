"""Convolution with a bias: a layer whose numbers you choose, and one image to try it on."""

import torch
from torch import nn


def build_conv(kernel: torch.Tensor, bias: torch.Tensor) -> nn.Conv2d:
    """Make a convolution layer that starts from the given kernel and bias.

    Args:
        kernel: (kH, kW) for one filter on one channel, or (out, in, kH, kW).
        bias: (out,), one number per filter.

    Returns:
        A layer with stride 1 and no padding. Its learnable parameters are `weight`, of shape
        (out, in, kH, kW), and `bias`, of shape (out,). Training it leaves the two arguments unchanged.
    """
    # TODO: bring the kernel to four axes, make an nn.Conv2d of matching sizes, and give it copies of
    # the numbers as its nn.Parameters.
    raise NotImplementedError


def conv_with_bias(image: torch.Tensor, kernel: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """Convolve one image and add each filter's bias to its feature map.

    Args:
        image: (H, W) for a grey image, or (C, H, W).
        kernel: (kH, kW) for one filter on one channel, or (out, C, kH, kW).
        bias: (out,), one number per filter.

    Returns:
        (1, out, H', W') with H' = H - kH + 1 and W' = W - kW + 1: a batch of one.
    """
    # TODO: bring the image to the four axes (batch, channels, height, width) and apply the layer to it.
    raise NotImplementedError
