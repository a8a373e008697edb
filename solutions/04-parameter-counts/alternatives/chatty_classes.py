# coding: utf-8
"""One class for each kind of layer; prints its working."""
from dataclasses import dataclass
from typing import Dict, Tuple, Union

import torch

IntOrPair = Union[int, Tuple[int, int]]


@dataclass
class Axis:
    size: int
    kernel: int
    stride: int
    padding: int

    def places(self) -> int:
        padded = self.size + 2 * self.padding
        return int((padded - self.kernel) / self.stride + 1)


class ConvCounter:
    def __init__(self, i, o, k, bias):
        self.i, self.o, self.bias = i, o, bias
        self.k = (k, k) if type(k) is int else k

    @property
    def weights(self):
        return self.k[0] * self.k[1] * (self.i * self.o)

    @property
    def biases(self):
        return self.o if self.bias else 0


def conv2d_parameters(in_channels: int, out_channels: int, kernel_size: IntOrPair, bias: bool = True, verbose: bool = True) -> Tuple[int, int]:
    c = ConvCounter(in_channels, out_channels, kernel_size, bias)
    if verbose:
        print(f"({c.k[0]}*{c.k[1]})*({c.i}*{c.o}) + {c.biases} = {c.weights + c.biases}")
    return c.weights, c.biases


def linear_parameters(in_features: int, out_features: int, bias: bool = True) -> Tuple[int, int]:
    # a fully connected layer is a 1x1 convolution over one pixel
    return conv2d_parameters(in_features, out_features, 1, bias, verbose=False)


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0) -> Tuple[int, int, int]:
    def both(v):
        return [v, v] if isinstance(v, int) else list(v)

    axes = [Axis(*a) for a in zip(input_shape[1:], both(kernel_size), both(stride), both(padding))]
    result = tuple([filters] + [a.places() for a in axes])
    print("output shape", result)
    return result


def parameter_table(model: torch.nn.Module) -> Dict[str, int]:
    names = []
    counts = []
    for name, parameter in model.named_parameters(remove_duplicate=True):
        print(name, parameter.numel())
        if parameter.requires_grad is True:
            names.append(name)
            counts.append(parameter.numel())
    return dict(zip(names, counts))


def total_parameters(model: torch.nn.Module) -> int:
    total = sum([*parameter_table(model).values()])
    print("Total Parameters:", total)
    return total
