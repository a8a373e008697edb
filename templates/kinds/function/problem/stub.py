"""What a student starts from: signatures, docstrings with shapes, and a TODO where to write."""

import torch


def channel_means(images: torch.Tensor) -> torch.Tensor:
    """Take the mean of each channel of each image.

    Args:
        images: (N, C, H, W).

    Returns:
        (N, C).
    """
    # TODO: which axes are averaged over, and which are kept?
    raise NotImplementedError
