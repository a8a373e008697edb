"""drop_last drops the last batch even when it is full

drop_last leaves out a last batch that is not full. When the images come out even, the last batch is
as full as the others and stays. See “Batches in an epoch” in the statement.
"""
import math

import torch

VALUES = ("always", "unless it is the only one")
VALUE = VALUES[0]


def add_channel_axis(image):
    h, w = image.shape
    return image.reshape(1, h, w)


def channels_first(image):
    r = image[:, :, 0]
    g = image[:, :, 1]
    b = image[:, :, 2]
    return torch.stack([r, g, b], dim=0)


def flatten_image(image):
    h, w = image.shape
    return image.reshape(h * w, 1)


def describe_batch(shape):
    b, c, h, w = shape
    return {'batch': b, 'channels': c, 'height': h, 'width': w}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    batches = math.ceil(training_set_size / batch_size)
    if drop_last and (batches > 1 or VALUE == "always"):
        batches = batches - 1
    return batches
