"""Convolution by hand: counting places, padding, one kernel on one image, then channels and filters."""

import torch


def conv_output_size(size: int, kernel_size: int, stride: int = 1, padding: int = 0) -> int:
    """Number of places along one axis of `size` pixels at which the kernel fits, padding included."""
    # TODO: how far can the kernel move, and how many steps is that?
    raise NotImplementedError


def zero_pad(image: torch.Tensor, padding: int) -> torch.Tensor:
    """The image with `padding` zeros on each of its four sides: (H, W) -> (H + 2p, W + 2p)."""
    # TODO: surround the image with zeros.
    raise NotImplementedError


def cross_correlate(
    image: torch.Tensor,
    kernel: torch.Tensor,
    stride: int = 1,
    padding: int = 0,
) -> torch.Tensor:
    """Sum of products of kernel and image at each place: (H, W), (kH, kW) -> (H', W').

    The kernel is not flipped. The image is padded with zeros first.
    """
    # TODO: lay the kernel on every window of the padded image, multiply and add up.
    raise NotImplementedError


def conv2d_by_hand(
    image: torch.Tensor,
    filters: torch.Tensor,
    bias: torch.Tensor | None = None,
) -> torch.Tensor:
    """One feature map per filter: (C, H, W), (F, C, kH, kW), (F,) -> (F, H', W').

    A filter has one kernel per channel; what they find is added up, and the filter's bias with it.
    Stride 1, no padding.
    """
    # TODO: for each filter, add up its channels, then add its bias.
    raise NotImplementedError
