"""Axes of size one are dropped

A batch of one image, or an image of one channel, keeps its axes of size one. squeeze() drops them all, and whoever
uses the result finds another number of axes than was promised. See “What to write” in the statement.
"""

import torch


def channel_means(images: torch.Tensor) -> torch.Tensor:
    return images.mean(dim=(2, 3)).squeeze()
