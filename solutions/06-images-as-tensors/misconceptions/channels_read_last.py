"""The shape is read as (batch, height, width, channels)

That is the order of some other libraries. PyTorch's is NCHW: the channels come second, right after
the batch. See “Reading a batch” in the statement.
"""
import torch
from torch import Tensor


def add_channel_axis(image: Tensor) -> Tensor:
    return image[None, :, :]


def channels_first(image: Tensor) -> Tensor:
    return torch.movedim(image, 2, 0).contiguous()


def flatten_image(image: Tensor) -> Tensor:
    return image.flatten().unsqueeze(1)


def describe_batch(shape) -> dict:
    n, h, w, c = shape
    return dict(batch=n, channels=c, height=h, width=w)


def batches_in_epoch(training_set_size: int, batch_size: int, drop_last: bool = False) -> int:
    if drop_last:
        return training_set_size // batch_size
    return (training_set_size + batch_size - 1) // batch_size
