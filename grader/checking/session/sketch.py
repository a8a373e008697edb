"""Large tensors of a question in short: a transcript tells by them whether two submissions were asked the same.

A question may hold a network's whole weights, and is looked at for one thing alone. What stands for a tensor has its
type and shape, and sums of its numbers along two ways to cut it into rows, plain and weighted by the row: tensors that
are equal up to rounding have such sums, and another number, or another order, changes them.
"""

from __future__ import annotations

from typing import Any

import torch

from grader.common.walk import with_leaves

_LEAST_NUMBERS = 512
_ROWS = (61, 64)
"""Lengths of a row: one fits images and layers, one does not."""


def sketched(question: tuple[Any, ...]) -> tuple[Any, ...]:
    """`question` with its large tensors in short."""
    short: tuple[Any, ...] = with_leaves(question, _short)
    return short


def _short(value: Any) -> Any:
    if not isinstance(value, torch.Tensor) or value.numel() < _LEAST_NUMBERS or value.is_complex():
        return value
    numbers = value.detach().double().flatten()
    sums = [part for length in _ROWS for part in _sums(numbers, length)]
    return ("tensor", value.dtype, tuple(value.shape), value.requires_grad, torch.cat(sums))


def _sums(numbers: torch.Tensor, length: int) -> tuple[torch.Tensor, torch.Tensor]:
    rows = torch.nn.functional.pad(numbers, (0, -numbers.numel() % length)).view(-1, length)
    weights = torch.linspace(1.0, 2.0, len(rows), dtype=torch.float64)
    return rows.sum(0), weights @ rows
