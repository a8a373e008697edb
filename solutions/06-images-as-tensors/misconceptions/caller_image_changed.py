"""The caller's image is changed in place

A method whose name ends in an underscore works on the tensor itself, and the caller still holds
that tensor: its image suddenly has another shape. Use the method without the underscore. See “Leave
the image as it is” in the statement.
"""
import math

import torch


def add_channel_axis(image):
    image.unsqueeze_(0)
    return image


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
