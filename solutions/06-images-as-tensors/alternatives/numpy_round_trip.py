"""Does it all in numpy."""
import numpy as np
import torch


def add_channel_axis(image):
    a = image.detach().numpy()
    return torch.from_numpy(a[np.newaxis, ...].copy())


def channels_first(image):
    a = np.asarray(image.detach())
    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(a, -1, 0)))


def flatten_image(image):
    return torch.tensor(image.detach().numpy().flatten()[:, None])


def describe_batch(shape):
    names = ["batch", "channels", "height", "width"]
    return {name: np.int64(n) for name, n in zip(names, shape)}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    n = training_set_size / batch_size
    return int(np.floor(n) if drop_last else np.ceil(n))
