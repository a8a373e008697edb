"""Axes are moved by reshaping

reshape only cuts the same row of numbers into pieces of other lengths: red, green and blue of
neighbouring pixels end up mixed in one channel. To move an axis, permute. See “Colour images” in
the statement.
"""
import torch
from torch import Tensor

VALUES = ("by reshape", "by view")
VALUE = VALUES[0]


def add_channel_axis(image: Tensor) -> Tensor:
    return image[None, :, :]


def channels_first(image: Tensor) -> Tensor:
    h, w, c = image.shape
    return image.view(c, h, w) if VALUE == "by view" else image.reshape(c, h, w)


def flatten_image(image: Tensor) -> Tensor:
    return image.flatten().unsqueeze(1)


def describe_batch(shape) -> dict:
    n, c, h, w = shape
    return dict(batch=n, channels=c, height=h, width=w)


def batches_in_epoch(training_set_size: int, batch_size: int, drop_last: bool = False) -> int:
    if drop_last:
        return training_set_size // batch_size
    return (training_set_size + batch_size - 1) // batch_size
