"""A permuted tensor is taken to be contiguous

permute gives the right numbers at the right places, but it only changes how the old memory is read:
there the colours of each pixel still lie side by side. Ask for a copy in the new order. See “In the
order of memory” in the statement.
"""
import torch
from torch import Tensor


def add_channel_axis(image: Tensor) -> Tensor:
    return image[None, :, :]


def channels_first(image: Tensor) -> Tensor:
    return image.permute(2, 0, 1)


def flatten_image(image: Tensor) -> Tensor:
    return image.flatten().unsqueeze(1)


def describe_batch(shape) -> dict:
    n, c, h, w = shape
    return dict(batch=n, channels=c, height=h, width=w)


def batches_in_epoch(training_set_size: int, batch_size: int, drop_last: bool = False) -> int:
    if drop_last:
        return training_set_size // batch_size
    return (training_set_size + batch_size - 1) // batch_size
