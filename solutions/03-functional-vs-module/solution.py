"""One convolution, written twice: as a function call and as a layer."""

import torch
import torch.nn.functional as F
from torch import nn


def to_nchw(image: torch.Tensor) -> torch.Tensor:
    """Give a grey image the two axes that PyTorch's layers expect in front: (H, W) -> (1, 1, H, W).

    The result is a view: it has the type of the image and shares its memory. The image keeps its shape.
    """
    return image[None, None]


def conv_functional(image: torch.Tensor, kernel: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """Convolve with `torch.nn.functional.conv2d`, without a bias: (H, W), (kH, kW) -> (1, 1, H', W').

    Nothing learnable is made: for an image and a kernel that need no gradient, the result needs none.
    """
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)


def conv_module(image: torch.Tensor, kernel: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """Convolve with an `nn.Conv2d` without a bias: (H, W), (kH, kW) -> (1, 1, H', W').

    The kernel's numbers become the layer's `weight`, an `nn.Parameter`: the result requires a gradient.
    """
    conv = nn.Conv2d(1, 1, kernel_size=tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    # A copy, so that training the layer would not write into the caller's kernel.
    conv.weight = nn.Parameter(to_nchw(kernel).detach().clone())
    return conv(to_nchw(image))


def outputs_match(
    image: torch.Tensor, kernel: torch.Tensor, stride: int = 1, padding: int = 0, atol: float = 1e-6
) -> bool:
    """Compute the convolution both ways, and say whether no two values differ by more than `atol`.

    nan matches nothing, itself included.
    """
    by_function = conv_functional(image, kernel, stride, padding)
    by_layer = conv_module(image, kernel, stride, padding)
    # rtol would add a share of each value's size to atol; only atol is asked for.
    return torch.allclose(by_function, by_layer, rtol=0.0, atol=atol)
