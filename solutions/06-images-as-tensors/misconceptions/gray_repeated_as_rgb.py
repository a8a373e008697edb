"""A grayscale image is copied into three channels

A grayscale image has one number per pixel, so it has one channel. Adding the axis does not add any
values. See “Grayscale images” in the statement.
"""
import torch
from torch import Tensor


def add_channel_axis(image: Tensor) -> Tensor:
    # every image needs red, green and blue
    return torch.stack([image, image, image])


def channels_first(image: Tensor) -> Tensor:
    return torch.movedim(image, 2, 0).contiguous()


def flatten_image(image: Tensor) -> Tensor:
    return image.flatten().unsqueeze(1)


def describe_batch(shape) -> dict:
    n, c, h, w = shape
    return dict(batch=n, channels=c, height=h, width=w)


def batches_in_epoch(training_set_size: int, batch_size: int, drop_last: bool = False) -> int:
    if drop_last:
        return training_set_size // batch_size
    return (training_set_size + batch_size - 1) // batch_size
