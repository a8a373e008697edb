"""The number of batches is rounded up, but stays a float

numpy.ceil and torch.ceil round to a whole number of the type that they were given, a float: 101.0 and not 101. Take
math.ceil, or int() around it. See “Batches in an epoch” in the statement.
"""
import numpy as np
import torch

VALUES = ("floor too", "ceiling alone")
VALUE = VALUES[0]


def add_channel_axis(image):
    return image[None, :, :]


def channels_first(image):
    return torch.permute(image, (2, 0, 1)).contiguous()


def flatten_image(image):
    height, width = image.shape
    return image.reshape(height * width, 1)


def describe_batch(shape):
    return {"batch": shape[0], "channels": shape[1], "height": shape[2], "width": shape[3]}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    if drop_last:
        return np.floor(training_set_size / batch_size) if VALUE == "floor too" else training_set_size // batch_size
    return float(np.ceil(training_set_size / batch_size))
