"""The flattened image has lost its second axis

A vector of shape (H·W,) and a column of shape (H·W, 1) hold the same numbers, but they behave
differently in a matrix product. The column is asked for. See “Flattening” in the statement.
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
    return image.flatten()


def describe_batch(shape):
    b, c, h, w = shape
    return {'batch': b, 'channels': c, 'height': h, 'width': w}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    if drop_last:
        return training_set_size // batch_size
    return math.ceil(training_set_size / batch_size)
