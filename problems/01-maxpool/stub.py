"""Max pooling: the size of the result, the operation itself, and PyTorch's layer for it."""

import torch


def pool_output_size(
    size: int,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """Number of windows along one axis of `size` pixels.

    Without a stride, the stride is the kernel size. The division is rounded down, or up with
    `ceil_mode`, where a last window counts only if it starts inside the image or the left padding.
    """
    # TODO: how many pixels does one window reach across, and how many steps can it take?
    raise NotImplementedError


def max_pool2d(
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    ceil_mode: bool = False,
) -> torch.Tensor:
    """Largest pixel of every window, in each channel of each image: (N, C, H, W) -> (N, C, H', W').

    A pair is (vertical, horizontal); one int means both. Padding never wins against a pixel. The dtype
    and the flow of gradients are kept, and `x` is left as it was.
    """
    # TODO: build the windows from tensor operations, without PyTorch's own pooling.
    raise NotImplementedError


def pool_lecture_image(image: torch.Tensor) -> torch.Tensor:
    """Pool one image with `torch.nn.MaxPool2d`, window 2x2, stride 2: (H, W) -> (1, 1, H', W')."""
    # TODO: give the image its batch and channel axes, then apply the layer.
    raise NotImplementedError
