"""The reference: right, and written to be read."""

import torch
from torch import nn


class Scale(nn.Module):
    """Multiply each feature with a learnable number, which begins at 1: (N, features) -> (N, features)."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(features))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.scale
