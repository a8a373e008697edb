"""The reference: right, and written to be read."""

import csv

import torch
from torch import nn


def read_table(path: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Read the columns x and y of a table: float32 (N, 1) each."""
    with open(path, newline="") as file:
        rows = [(float(row["x"]), float(row["y"])) for row in csv.DictReader(file)]
    table = torch.tensor(rows)
    return table[:, :1], table[:, 1:]


def fit(model: nn.Module, x: torch.Tensor, y: torch.Tensor, steps: int, lr: float) -> list[float]:
    """Take steps of gradient descent on the mean squared error; the loss before each."""
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
