"""Problem 08: one pixel of a batch, what a convolution saves, line filters, and what their feature maps say."""

import math

import torch
import torch.nn.functional as F


def pixel(images: torch.Tensor, image: int, channel: int, row: int, column: int) -> float:
    """One number of a batch (N, C, H, W), found with four indices, each counted from 0."""
    return images[image, channel, row, column].item()


def dense_parameters(input_shape: tuple[int, int, int], units: int) -> tuple[int, int]:
    """(weights, biases) of a fully connected layer from a flattened (C, H, W) image to `units` numbers."""
    return math.prod(input_shape) * units, units


def parameters_saved(
    input_shape: tuple[int, int, int],
    filters: int,
    kernel_size: int | tuple[int, int],
) -> int:
    """How many parameters fewer a convolution has than the fully connected layer with as many outputs.

    Stride 1, no padding; biases count in both.
    """
    channels, height, width = input_shape
    kernel_h, kernel_w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    outputs = filters * (height - kernel_h + 1) * (width - kernel_w + 1)
    convolution = filters * channels * kernel_h * kernel_w + filters
    return sum(dense_parameters(input_shape, outputs)) - convolution


def line_filter(size: int, kind: str) -> torch.Tensor:
    """Ones on a line through the middle, zeros elsewhere: (size, size), float32, size odd.

    `kind` is "vertical", "horizontal", "falling" (from top left) or "rising" (from bottom left); any other
    string raises ValueError.
    """
    line, middle = torch.zeros(size, size), size // 2
    if kind == "vertical":
        line[:, middle] = 1
    elif kind == "horizontal":
        line[middle, :] = 1
    elif kind == "falling":
        line.fill_diagonal_(1)
    elif kind == "rising":
        line.fill_diagonal_(1)
        line = line.flip(1)
    else:
        raise ValueError(f"no such line: {kind}")
    return line


def feature_maps(image: torch.Tensor, filters: torch.Tensor) -> torch.Tensor:
    """One feature map per filter: (H, W), (F, k, k) -> (F, H - k + 1, W - k + 1)."""
    # conv2d wants (N, C, H, W) and (F, C, k, k): one image, one channel.
    return F.conv2d(image[None, None], filters[:, None])[0]


def strongest_response(image: torch.Tensor, filters: torch.Tensor) -> tuple[int, int, int]:
    """(filter, row, column) of the largest value of all feature maps.

    Among equals: the first filter, then the upper row, then the left column.
    """
    maps = feature_maps(image, filters)
    # nonzero lists places filter by filter and row by row, so its first one wins among equals.
    first = (maps == maps.max()).nonzero()[0]
    filter_, row, column = first.tolist()
    return filter_, row, column


def feature_present(image: torch.Tensor, filter_: torch.Tensor) -> bool:
    """Whether the image has, at some place, a 1 under every 1 of the filter; both hold zeros and ones."""
    # A response adds up one 1 for each 1 of the filter that lies on a 1 of the image.
    response = feature_maps(image, filter_[None])
    return bool((response == filter_.sum()).any())
