"""Problem 04: how much does a network have to learn?"""

from torch import nn

Pair = int | tuple[int, int]  # one number for both directions, or (vertical, horizontal)


def conv2d_parameters(in_channels: int, out_channels: int, kernel_size: Pair, bias: bool = True) -> tuple[int, int]:
    """Count the (weights, biases) of a convolution layer with kernels of kernel_size (height, width)."""
    kernel_height, kernel_width = _as_pair(kernel_size)
    weights = kernel_height * kernel_width * in_channels * out_channels
    # The sum over the input channels is taken before the bias is added, so a filter needs only one.
    return weights, out_channels if bias else 0


def linear_parameters(in_features: int, out_features: int, bias: bool = True) -> tuple[int, int]:
    """Count the (weights, biases) of a fully connected layer."""
    return in_features * out_features, out_features if bias else 0


def conv2d_output_shape(
    input_shape: tuple[int, int, int], filters: int, kernel_size: Pair, stride: Pair = 1, padding: Pair = 0
) -> tuple[int, int, int]:
    """Shape of what a convolution puts out: (C, H, W) -> (filters, H', W'), as nn.Conv2d has it."""
    _, height, width = input_shape  # the channels are summed over, so they leave no trace in the shape
    kernel_height, kernel_width = _as_pair(kernel_size)
    vertical_stride, horizontal_stride = _as_pair(stride)
    vertical_padding, horizontal_padding = _as_pair(padding)
    return (
        filters,
        _window_places(height, kernel_height, vertical_stride, vertical_padding),
        _window_places(width, kernel_width, horizontal_stride, horizontal_padding),
    )


def parameter_table(model: nn.Module) -> dict[str, int]:
    """List what the model learns: name -> number of elements, in registration order.

    Only parameters with requires_grad are listed, and a shared parameter is listed once.
    """
    # named_parameters visits every submodule, leaves out buffers, and meets a shared parameter only once.
    return {name: parameter.numel() for name, parameter in model.named_parameters() if parameter.requires_grad}


def total_parameters(model: nn.Module) -> int:
    """Count all elements that the model learns: the sum of its parameter_table."""
    return sum(parameter_table(model).values())


def _as_pair(value: Pair) -> tuple[int, int]:
    """Write one number for both directions out as (vertical, horizontal)."""
    return (value, value) if isinstance(value, int) else value


def _window_places(size: int, kernel_size: int, stride: int, padding: int) -> int:
    """Count the places of a window along one axis."""
    # The first place is free; every further one costs a whole stride, so a rest shorter than that is lost.
    return (size + 2 * padding - kernel_size) // stride + 1
