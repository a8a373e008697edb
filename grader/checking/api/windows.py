"""Which cells of the input stand behind an output cell, for the picture of a failed check."""

from __future__ import annotations

from collections.abc import Callable

import torch

from grader.checking import show
from grader.model import Plane, Window

Pair = int | tuple[int, int]

_MOST_NAMED = 9


def sliding_window(
    image: torch.Tensor,
    kernel_size: Pair,
    *,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    say: str = "is computed from",
    weights: torch.Tensor | None = None,
) -> Callable[[tuple[int, ...]], Window]:
    """For an operation that slides a window over `image`, (…, H, W): index of an output cell -> its
    `Window`.

    Pairs are (vertical, horizontal). `say` joins the output cell to the numbers in its window: "takes the
    largest of". `weights`, (kH, kW), is the kernel that the window is multiplied with.
    """
    kernel, step, margin, spread = (_pair(value) for value in (kernel_size, stride, padding, dilation))

    def window(index: tuple[int, ...]) -> Window:
        whole = _plane_of(image, index[:-2])
        height, width = whole.shape
        row, column = index[-2], index[-1]
        cells = tuple(
            (row * step[0] - margin[0] + i * spread[0], column * step[1] - margin[1] + j * spread[1])
            for i in range(kernel[0])
            for j in range(kernel[1])
        )
        inside = [whole[r, c].item() for r, c in cells if 0 <= r < height and 0 <= c < width]
        corner = (min(max(cells[0][0], 0), height - 1), min(max(cells[0][1], 0), width - 1))
        shown = show.plane(whole, corner) or Plane((), ())
        by = show.plane(weights) if weights is not None else None
        return Window(shown, cells, f"row {row}, column {column} {say} {_listed(inside)}", by)

    return window


def _pair(value: Pair) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else value


def _plane_of(image: torch.Tensor, lead: tuple[int, ...]) -> torch.Tensor:
    """The input plane of an output cell: same image of the batch; same channel where the channels stay
    apart."""
    spare = image.ndim - 2
    index = lead[-spare:] if spare else ()
    for position, size in zip(index, image.shape[: len(index)], strict=True):
        if position >= size:
            return image.reshape(-1, *image.shape[-2:])[0]
    if len(index) < spare:
        return image.detach().reshape(-1, *image.shape[-2:])[0]
    return image.detach()[index]


def _listed(values: list[float]) -> str:
    if not values:
        return "padding alone"
    named = ", ".join(show.number(value) for value in values[:_MOST_NAMED])
    return named + (f" and {len(values) - _MOST_NAMED} more" if len(values) > _MOST_NAMED else "")
