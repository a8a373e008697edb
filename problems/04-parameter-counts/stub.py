"""Problem 04: how much does a network have to learn?"""

from torch import nn

Pair = int | tuple[int, int]  # one number for both directions, or (vertical, horizontal)


def conv2d_parameters(in_channels: int, out_channels: int, kernel_size: Pair, bias: bool = True) -> tuple[int, int]:
    """Count the (weights, biases) of a convolution layer with kernels of kernel_size (height, width)."""
    # TODO: how many kernels does one filter hold, and how many filters are there?
    raise NotImplementedError


def linear_parameters(in_features: int, out_features: int, bias: bool = True) -> tuple[int, int]:
    """Count the (weights, biases) of a fully connected layer."""
    # TODO: every input is connected to every output; where do the biases belong?
    raise NotImplementedError


def conv2d_output_shape(
    input_shape: tuple[int, int, int], filters: int, kernel_size: Pair, stride: Pair = 1, padding: Pair = 0
) -> tuple[int, int, int]:
    """Shape of what a convolution puts out: (C, H, W) -> (filters, H', W'), as nn.Conv2d has it."""
    # TODO: one axis at a time: how many places are there for the window?
    raise NotImplementedError


def parameter_table(model: nn.Module) -> dict[str, int]:
    """List what the model learns: name -> number of elements, in registration order.

    Only parameters with requires_grad are listed, and a shared parameter is listed once.
    """
    # TODO: nn.Module can list its parameters together with their names
    raise NotImplementedError


def total_parameters(model: nn.Module) -> int:
    """Count all elements that the model learns: the sum of its parameter_table."""
    # TODO: use the function above
    raise NotImplementedError
