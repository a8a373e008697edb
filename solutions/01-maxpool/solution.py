"""Max pooling: the size of the result, the operation itself, and PyTorch's layer for it."""

import torch
import torch.nn.functional as F
from torch import nn


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
    if stride is None:
        stride = kernel_size
    reach = dilation * (kernel_size - 1) + 1
    travel = size + 2 * padding - reach
    if not ceil_mode:
        return travel // stride + 1
    windows = -(-travel // stride) + 1
    last_start = (windows - 1) * stride
    # Counted from the edge of the left padding; from `size + padding` on there is only padding.
    return windows - 1 if last_start >= size + padding else windows


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
    kernel_h, kernel_w = pair(kernel_size)
    stride_h, stride_w = pair(kernel_size if stride is None else stride)
    pad_h, pad_w = pair(padding)
    step_h, step_w = pair(dilation)
    height, width = x.shape[2:]

    rows = pool_output_size(height, kernel_h, stride_h, pad_h, step_h, ceil_mode)
    columns = pool_output_size(width, kernel_w, stride_w, pad_w, step_w, ceil_mode)

    # Where the topmost-leftmost pixel of the last window lies, counted in the padded image.
    last_row = (rows - 1) * stride_h
    last_column = (columns - 1) * stride_w

    # With ceil_mode the last window may hang over the far edge by more than the padding.
    bottom = max(0, last_row + step_h * (kernel_h - 1) + 1 - (height + pad_h))
    right = max(0, last_column + step_w * (kernel_w - 1) + 1 - (width + pad_w))
    padded = F.pad(x, (pad_w, right, pad_h, bottom), value=float("-inf"))

    # One slice per position inside the window: slice (i, j) holds that pixel of all windows at once.
    slices = [
        padded[:, :, i : i + last_row + 1 : stride_h, j : j + last_column + 1 : stride_w]
        for i in range(0, kernel_h * step_h, step_h)
        for j in range(0, kernel_w * step_w, step_w)
    ]
    return torch.stack(slices).amax(dim=0)


def pair(value: int | tuple[int, int]) -> tuple[int, int]:
    """(vertical, horizontal) from an int, which stands for both, or from a pair."""
    return (value, value) if isinstance(value, int) else value


def pool_lecture_image(image: torch.Tensor) -> torch.Tensor:
    """Pool one image with `torch.nn.MaxPool2d`, window 2x2, stride 2: (H, W) -> (1, 1, H', W')."""
    layer = nn.MaxPool2d(kernel_size=2, stride=2)
    return layer(image.reshape(1, 1, *image.shape))
