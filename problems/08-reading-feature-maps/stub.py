"""Problem 08: one pixel of a batch, what a convolution saves, line filters, and what their feature maps say."""

import torch


def pixel(images: torch.Tensor, image: int, channel: int, row: int, column: int) -> float:
    """One number of a batch (N, C, H, W), found with four indices, each counted from 0."""
    # TODO: which index belongs to which axis? The answer is a float, not a tensor.
    raise NotImplementedError


def dense_parameters(input_shape: tuple[int, int, int], units: int) -> tuple[int, int]:
    """(weights, biases) of a fully connected layer from a flattened (C, H, W) image to `units` numbers."""
    # TODO: every unit is connected to every number of the image.
    raise NotImplementedError


def parameters_saved(
    input_shape: tuple[int, int, int],
    filters: int,
    kernel_size: int | tuple[int, int],
) -> int:
    """How many parameters fewer a convolution has than the fully connected layer with as many outputs.

    Stride 1, no padding; biases count in both.
    """
    # TODO: how many numbers do the feature maps hold? The fully connected layer has a unit for each of them.
    raise NotImplementedError


def line_filter(size: int, kind: str) -> torch.Tensor:
    """Ones on a line through the middle, zeros elsewhere: (size, size), float32, size odd.

    `kind` is "vertical", "horizontal", "falling" (from top left) or "rising" (from bottom left); any other
    string raises ValueError.
    """
    # TODO: which cells lie on the line?
    raise NotImplementedError


def feature_maps(image: torch.Tensor, filters: torch.Tensor) -> torch.Tensor:
    """One feature map per filter: (H, W), (F, k, k) -> (F, H - k + 1, W - k + 1)."""
    # TODO: F.conv2d is allowed. Which axes does it want?
    raise NotImplementedError


def strongest_response(image: torch.Tensor, filters: torch.Tensor) -> tuple[int, int, int]:
    """(filter, row, column) of the largest value of all feature maps.

    Among equals: the first filter, then the upper row, then the left column.
    """
    # TODO: the largest value may be negative.
    raise NotImplementedError


def feature_present(image: torch.Tensor, filter_: torch.Tensor) -> bool:
    """Whether the image has, at some place, a 1 under every 1 of the filter; both hold zeros and ones."""
    # TODO: how large is the response where all of the feature is there?
    raise NotImplementedError
