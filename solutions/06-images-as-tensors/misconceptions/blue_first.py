"""The colours are put in the order blue, green, red

Some picture libraries use that order, but nothing here asks for it: channel 0 of the answer is
channel 0 of the image, and so on. See “Colour images” in the statement.
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
    return torch.stack([b, g, r], dim=0)


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
