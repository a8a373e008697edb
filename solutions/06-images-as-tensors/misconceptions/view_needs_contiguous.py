"""view is used on an image that is not contiguous

view never copies: it refuses when the rows do not follow each other in memory, as in a transposed
or cut-out image. reshape copies where it must. See “Views of other images” in the statement.
"""
import math

import torch


def add_channel_axis(image):
    h, w = image.shape
    return image.reshape(1, h, w)


def channels_first(image):
    r = image[:, :, 0]
    g = image[:, :, 1]
    b = image[:, :, 2]
    return torch.stack([r, g, b], dim=0)


def flatten_image(image):
    return image.view(-1, 1)


def describe_batch(shape):
    b, c, h, w = shape
    return {'batch': b, 'channels': c, 'height': h, 'width': w}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    if drop_last:
        return training_set_size // batch_size
    return math.ceil(training_set_size / batch_size)
