"""Convolution by hand: counting places, padding, one kernel on one image, then channels and filters."""

import torch


def conv_output_size(size: int, kernel_size: int, stride: int = 1, padding: int = 0) -> int:
    """Number of places along one axis of `size` pixels at which the kernel fits, padding included."""
    return (size + 2 * padding - kernel_size) // stride + 1


def zero_pad(image: torch.Tensor, padding: int) -> torch.Tensor:
    """The image with `padding` zeros on each of its four sides: (H, W) -> (H + 2p, W + 2p)."""
    height, width = image.shape
    padded = image.new_zeros(height + 2 * padding, width + 2 * padding)
    padded[padding : padding + height, padding : padding + width] = image
    return padded


def cross_correlate(
    image: torch.Tensor,
    kernel: torch.Tensor,
    stride: int = 1,
    padding: int = 0,
) -> torch.Tensor:
    """Sum of products of kernel and image at each place: (H, W), (kH, kW) -> (H', W').

    The kernel is not flipped. The image is padded with zeros first.
    """
    padded = zero_pad(image, padding)
    kernel_h, kernel_w = kernel.shape
    rows = conv_output_size(image.shape[0], kernel_h, stride, padding)
    columns = conv_output_size(image.shape[1], kernel_w, stride, padding)

    # Loops over the few values of the kernel instead of the many places: the slice holds the pixels that lie
    # under kernel[i, j], for all places at once.
    down, across = (rows - 1) * stride + 1, (columns - 1) * stride + 1
    response = padded.new_zeros(rows, columns)
    for i in range(kernel_h):
        for j in range(kernel_w):
            response += kernel[i, j] * padded[i : i + down : stride, j : j + across : stride]
    return response


def conv2d_by_hand(
    image: torch.Tensor,
    filters: torch.Tensor,
    bias: torch.Tensor | None = None,
) -> torch.Tensor:
    """One feature map per filter: (C, H, W), (F, C, kH, kW), (F,) -> (F, H', W').

    A filter has one kernel per channel; what they find is added up, and the filter's bias with it.
    Stride 1, no padding.
    """
    feature_maps = []
    for filter_ in filters:
        responses = [cross_correlate(channel, kernel) for channel, kernel in zip(image, filter_, strict=True)]
        feature_maps.append(torch.stack(responses).sum(dim=0))
    result = torch.stack(feature_maps)
    # (F,) becomes (F, 1, 1): each map gets its own number, at all of its places.
    return result if bias is None else result + bias[:, None, None]
