"""From a table to a network that tells two moons apart."""

import torch
from torch import nn


def read_points(path: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Read a table with the columns x, y and moon, in any order: points float32 (N, 2), labels int64 (N,).

    Rows in which x, y or moon is missing are left out.
    """
    # TODO: csv.DictReader knows columns by name; a missing cell is an empty string.
    raise NotImplementedError


def column_statistics(points: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of each column, the latter divided by N: (N, 2) -> (2,), (2,)."""
    # TODO: one mean and one standard deviation for each column.
    raise NotImplementedError


class Classifier(nn.Module):
    """Standardised points -> linear -> ReLU -> linear: (N, 2) -> logits (N, 2).

    `mean` and `std`, each (2,), are what points are standardised with. They are saved with the model, and not trained.
    """

    def __init__(self, mean: torch.Tensor, std: torch.Tensor, hidden: int) -> None:
        super().__init__()
        # TODO: two layers; and register_buffer for what is saved without being trained.
        raise NotImplementedError

    def forward(self, points: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError


def fit(model: nn.Module, points: torch.Tensor, labels: torch.Tensor, steps: int, lr: float) -> list[float]:
    """Take `steps` steps of plain gradient descent on the mean cross-entropy of all points at once.

    Returns:
        The loss before each step.
    """
    # TODO: in each step: the loss, its gradients, the step, and no gradient left over for the next.
    raise NotImplementedError


def predict(model: nn.Module, points: torch.Tensor) -> torch.Tensor:
    """Say of each point to which moon it belongs, without recording gradients: (N, 2) -> int64 (N,)."""
    # TODO: the larger logit wins.
    raise NotImplementedError
