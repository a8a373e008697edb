"""Every image is taken to lie in memory row by row

A transposed or cut-out image shares the memory of another one, so the next number in memory need
not be the next pixel. Operations on the axes, such as reshape, look after that; reading the memory
straight through does not. See “Views of other images” in the statement.
"""
import torch


def add_channel_axis(image):
    return image.unsqueeze(0)


def channels_first(image):
    return image.permute(2, 0, 1).contiguous()


def flatten_image(image):
    # the next pixel is the next number in memory
    return torch.as_strided(image, (image.numel(), 1), (1, 1))


def describe_batch(shape):
    return {"batch": shape[0], "channels": shape[1], "height": shape[2], "width": shape[3]}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    batches = training_set_size // batch_size
    if training_set_size % batch_size != 0 and not drop_last:
        batches += 1
    return batches
