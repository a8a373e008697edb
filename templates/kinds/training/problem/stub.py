"""What a student starts from: signatures, docstrings with shapes, and a TODO where to write."""

import torch
from torch import nn


def read_table(path: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Read the columns x and y of a table: float32 (N, 1) each."""
    # TODO: csv.DictReader knows columns by their names.
    raise NotImplementedError


def fit(model: nn.Module, x: torch.Tensor, y: torch.Tensor, steps: int, lr: float) -> list[float]:
    """Take steps of gradient descent on the mean squared error; the loss before each."""
    # TODO: in each step the loss, its gradients, and the step; nothing is left over for the next.
    raise NotImplementedError
