"""Images that do not fill a batch are forgotten

An epoch passes over every image. Those that are left over after the full batches make one more,
smaller batch, unless drop_last says otherwise. See “Batches in an epoch” in the statement.
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
    n, c, h, w = shape
    return dict(batch=n, channels=c, height=h, width=w)


def batches_in_epoch(training_set_size: int, batch_size: int, drop_last: bool = False) -> int:
    return training_set_size // batch_size
