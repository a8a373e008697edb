"""The first number is read as the channels

A single image begins with its channels, (C, H, W). In a batch there is one more axis in front of
it, for the images: (N, C, H, W). See “Reading a batch” in the statement.
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
    h, w = image.shape
    return image.reshape(h * w, 1)


def describe_batch(shape):
    c, b, h, w = shape
    return {'batch': b, 'channels': c, 'height': h, 'width': w}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    if drop_last:
        return training_set_size // batch_size
    return math.ceil(training_set_size / batch_size)
