import collections
import math

import torch

Batch = collections.namedtuple("Batch", "batch channels height width")


def add_channel_axis(image: torch.Tensor) -> torch.Tensor:
    return torch.stack((image,))


def channels_first(image: torch.Tensor) -> torch.Tensor:
    # einsum may hand back a view
    return torch.einsum("hwc->chw", image).clone(memory_format=torch.contiguous_format)


def flatten_image(image: torch.Tensor) -> torch.Tensor:
    rows = [row for row in image]
    return torch.cat(rows).unsqueeze(1)


def describe_batch(shape):
    return Batch(*shape)._asdict()


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    if drop_last:
        return math.floor(training_set_size / batch_size)
    return math.ceil(training_set_size / batch_size)
