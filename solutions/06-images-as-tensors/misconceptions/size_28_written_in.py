"""The size of MNIST's images is written into the function

Images may have any height and width. Ask the image for its shape, or leave the length to reshape with -1. See “What
to write” in the statement.
"""

VALUES = ("both", "the axis", "flattening")
VALUE = VALUES[0]


def add_channel_axis(image):
    return image.unsqueeze(0) if VALUE == "flattening" else image.reshape(1, 28, 28)


def channels_first(image):
    return image.permute(2, 0, 1).contiguous()


def flatten_image(image):
    return image.reshape(-1, 1) if VALUE == "the axis" else image.reshape(784, 1)


def describe_batch(shape):
    return {"batch": shape[0], "channels": shape[1], "height": shape[2], "width": shape[3]}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    if drop_last:
        return training_set_size // batch_size
    return -(-training_set_size // batch_size)
