"""The number of batches is a tensor

Batches are counted with an int. math.ceil gives one, and so does int() around a tensor. See “Batches in an epoch”
in the statement.
"""

import torch


VALUES = ("int32", "int64", "float")
VALUE = VALUES[0]


def add_channel_axis(image):
    return image.unsqueeze(0)


def channels_first(image):
    return image.permute(2, 0, 1).contiguous()


def flatten_image(image):
    return image.reshape(-1, 1)


def describe_batch(shape):
    return {"batch": shape[0], "channels": shape[1], "height": shape[2], "width": shape[3]}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    batches = torch.tensor(training_set_size / batch_size)
    batches = batches.floor() if drop_last else batches.ceil()
    return batches if VALUE == "float" else batches.int() if VALUE == "int32" else batches.long()
