"""The number of batches is left a fraction

Dividing with / always gives a float, even when it comes out even. Batches are counted in whole
numbers, so the answer is an int. See “Batches in an epoch” in the statement.
"""
import torch

VALUES = ("without drop_last", "always")
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
    if drop_last and VALUE == "without drop_last":
        return training_set_size // batch_size
    return training_set_size / batch_size
