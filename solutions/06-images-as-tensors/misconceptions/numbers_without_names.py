"""The numbers are returned without their names

The answer is a dict with the keys batch, channels, height and width. See “Reading a batch” in the statement.
"""

VALUES = ("tuple", "list")
VALUE = VALUES[0]


def add_channel_axis(image):
    return image.unsqueeze(0)


def channels_first(image):
    return image.permute(2, 0, 1).contiguous()


def flatten_image(image):
    return image.reshape(-1, 1)


def describe_batch(shape):
    return list(shape) if VALUE == "list" else tuple(shape)


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    if drop_last:
        return training_set_size // batch_size
    return -(-training_set_size // batch_size)
