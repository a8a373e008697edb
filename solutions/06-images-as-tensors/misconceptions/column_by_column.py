"""The image is flattened column by column

Row by row means: the whole first row, then the whole second row. In PyTorch the last axis runs
fastest, so no transpose is needed before flattening. See “Flattening” in the statement.
"""
import torch
from torch import Tensor


def add_channel_axis(image: Tensor) -> Tensor:
    return image[None, :, :]


def channels_first(image: Tensor) -> Tensor:
    return torch.movedim(image, 2, 0).contiguous()


def flatten_image(image: Tensor) -> Tensor:
    return image.t().reshape(-1, 1)


def describe_batch(shape) -> dict:
    n, c, h, w = shape
    return dict(batch=n, channels=c, height=h, width=w)


def batches_in_epoch(training_set_size: int, batch_size: int, drop_last: bool = False) -> int:
    if drop_last:
        return training_set_size // batch_size
    return (training_set_size + batch_size - 1) // batch_size
