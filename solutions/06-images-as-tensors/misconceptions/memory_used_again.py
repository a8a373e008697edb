"""One tensor is filled again for every answer

Making the tensor for the answer once and filling it anew saves memory, but the caller may still hold the answer
before: it is the same tensor, and now shows another image. Make a new one in each call. See “Leave the image as it
is” in the statement.
"""
import torch
from torch import Tensor

made: dict[tuple[int, ...], Tensor] = {}


def space(*size: int) -> Tensor:
    if size not in made:
        made[size] = torch.empty(*size)
    return made[size]


def add_channel_axis(image: Tensor) -> Tensor:
    return space(1, *image.shape).copy_(image[None])


def channels_first(image: Tensor) -> Tensor:
    height, width, channels = image.shape
    return space(channels, height, width).copy_(image.permute(2, 0, 1))


def flatten_image(image: Tensor) -> Tensor:
    return space(image.numel(), 1).copy_(image.reshape(-1, 1))


def describe_batch(shape) -> dict:
    n, c, h, w = shape
    return {"batch": n, "channels": c, "height": h, "width": w}


def batches_in_epoch(training_set_size: int, batch_size: int, drop_last: bool = False) -> int:
    if drop_last:
        return training_set_size // batch_size
    return -(-training_set_size // batch_size)
