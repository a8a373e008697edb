"""The axes are moved, but to other places

permute names, for each axis of the result, the axis of the image that goes there: (2, 0, 1) puts the channels
first, the height second and the width third. See “Colour images” in the statement.
"""

VALUES = ((1, 2, 0), (0, 2, 1), (1, 0, 2))
VALUE = VALUES[0]


def add_channel_axis(image):
    return image.unsqueeze(0)


def channels_first(image):
    return image.permute(*VALUE).contiguous()


def flatten_image(image):
    return image.reshape(-1, 1)


def describe_batch(shape):
    return {"batch": shape[0], "channels": shape[1], "height": shape[2], "width": shape[3]}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    if drop_last:
        return training_set_size // batch_size
    return -(-training_set_size // batch_size)
