"""Another right answer, of another style. Collect several: they show that a check is not too narrow."""

import torch


def channel_means(images: torch.Tensor) -> torch.Tensor:
    return images.flatten(2).sum(2) / (images.shape[2] * images.shape[3])
