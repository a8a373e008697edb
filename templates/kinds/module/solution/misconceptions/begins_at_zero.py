"""The scales begin at 0

A new layer is to change nothing: all scales begin at 1. See “What to write” in the statement.
"""

import torch
from torch import nn


class Scale(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.scale = nn.Parameter(torch.zeros(features))

    def forward(self, x):
        return x * self.scale
