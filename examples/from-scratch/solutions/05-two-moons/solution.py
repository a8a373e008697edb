"""From a table to a network that tells two moons apart."""

import csv

import torch
from torch import nn


def read_points(path: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Read a table with the columns x, y and moon, in any order: points float32 (N, 2), labels int64 (N,).

    Rows in which x, y or moon is missing are left out.
    """
    with open(path, newline="") as file:
        rows = [(row["x"], row["y"], row["moon"]) for row in csv.DictReader(file)]
    complete = [row for row in rows if all(row)]
    points = torch.tensor([(float(x), float(y)) for x, y, _ in complete])
    return points, torch.tensor([int(moon) for _, _, moon in complete])


def column_statistics(points: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of each column, the latter divided by N: (N, 2) -> (2,), (2,)."""
    return points.mean(dim=0), points.std(dim=0, correction=0)


class Classifier(nn.Module):
    """Standardised points -> linear -> ReLU -> linear: (N, 2) -> logits (N, 2).

    `mean` and `std`, each (2,), are what points are standardised with. They are saved with the model, and not trained.
    """

    def __init__(self, mean: torch.Tensor, std: torch.Tensor, hidden: int) -> None:
        super().__init__()
        self.register_buffer("mean", mean.clone())
        self.register_buffer("std", std.clone())
        self.layers = nn.Sequential(nn.Linear(2, hidden), nn.ReLU(), nn.Linear(hidden, 2))

    def forward(self, points: torch.Tensor) -> torch.Tensor:
        return self.layers((points - self.mean) / self.std)


def fit(model: nn.Module, points: torch.Tensor, labels: torch.Tensor, steps: int, lr: float) -> list[float]:
    """Take `steps` steps of plain gradient descent on the mean cross-entropy of all points at once.

    Returns:
        The loss before each step.
    """
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = nn.functional.cross_entropy(model(points), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def predict(model: nn.Module, points: torch.Tensor) -> torch.Tensor:
    """Say of each point to which moon it belongs, without recording gradients: (N, 2) -> int64 (N,)."""
    with torch.no_grad():
        return model(points).argmax(dim=1)
