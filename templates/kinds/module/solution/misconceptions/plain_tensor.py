"""The scale is a plain tensor

An optimizer does not find a plain tensor, so it is never trained. Make it an nn.Parameter. See “Learnable” in the
statement.
"""

import torch
from torch import nn


class Scale(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.scale = torch.ones(features)
        self.unused = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return x * self.scale + 0 * self.unused
