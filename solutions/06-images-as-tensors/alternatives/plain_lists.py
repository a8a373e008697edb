# -*- coding: utf-8 -*-
"""Goes through Python lists, with an option that nobody asked for."""
import torch as t


def add_channel_axis(image, where=0):
    return t.tensor([image.tolist()])


def channels_first(image, verbose=True):
    pixels = image.tolist()
    if verbose:
        print("image with", len(pixels), "rows")
    return t.tensor([[[pixel[c] for pixel in row] for row in pixels] for c in range(3)])


def flatten_image(image):
    return t.tensor([[value] for row in image.tolist() for value in row])


KEYS = ("batch", "channels", "height", "width")
describe_batch = lambda shape: dict(zip(KEYS, shape))


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    starts = range(0, training_set_size, batch_size)
    if drop_last:
        starts = [s for s in starts if s + batch_size <= training_set_size]
    return len(starts)
