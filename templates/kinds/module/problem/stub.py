"""What a student starts from: signatures, docstrings with shapes, and a TODO where to write."""

import torch
from torch import nn


class Scale(nn.Module):
    """Multiply each feature with a learnable number, which begins at 1: (N, features) -> (N, features)."""

    def __init__(self, features: int) -> None:
        super().__init__()
        # TODO: which tensors does an optimizer find?
        raise NotImplementedError

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError
