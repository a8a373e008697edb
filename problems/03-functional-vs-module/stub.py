"""One convolution, written twice: as a function call and as a layer."""

import torch


def to_nchw(image: torch.Tensor) -> torch.Tensor:
    """Give a grey image the two axes that PyTorch's layers expect in front: (H, W) -> (1, 1, H, W).

    The result is a view: it has the type of the image and shares its memory. The image keeps its shape.
    """
    # TODO: add the batch and the channel axis in front, without copying a pixel.
    raise NotImplementedError


def conv_functional(image: torch.Tensor, kernel: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """Convolve with `torch.nn.functional.conv2d`, without a bias: (H, W), (kH, kW) -> (1, 1, H', W').

    Nothing learnable is made: for an image and a kernel that need no gradient, the result needs none.
    """
    # TODO: import torch.nn.functional, and call its conv2d with the tensors as they are, in four axes.
    raise NotImplementedError


def conv_module(image: torch.Tensor, kernel: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """Convolve with an `nn.Conv2d` without a bias: (H, W), (kH, kW) -> (1, 1, H', W').

    The kernel's numbers become the layer's `weight`, an `nn.Parameter`: the result requires a gradient.
    """
    # TODO: make an nn.Conv2d, give it the kernel as its weight, and apply it.
    raise NotImplementedError


def outputs_match(
    image: torch.Tensor, kernel: torch.Tensor, stride: int = 1, padding: int = 0, atol: float = 1e-6
) -> bool:
    """Compute the convolution both ways, and say whether no two values differ by more than `atol`.

    nan matches nothing, itself included.
    """
    # TODO: compare the results of the two functions; return True or False.
    raise NotImplementedError
