from collections import OrderedDict

import torch
from torch.utils.data import DataLoader


def add_channel_axis(image):
    return image[None]


def channels_first(image):
    red, green, blue = image[..., 0], image[..., 1], image[..., 2]
    return torch.stack([red, green, blue])


def flatten_image(image):
    return image.contiguous().view(image.numel(), 1)


def describe_batch(shape):
    # read the lengths off a tensor; an expanded scalar takes no memory
    x = torch.zeros(()).expand(*shape)
    return OrderedDict(batch=x.size(0), channels=x.size(1), height=x.size(-2), width=x.size(-1))


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    return len(DataLoader(range(training_set_size), batch_size=batch_size, drop_last=drop_last))


if __name__ == "__main__":
    print(flatten_image(torch.eye(3)).shape)
