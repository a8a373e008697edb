"""The keys are not those that are asked for

A dict is read by its keys: batch, channels, height and width. See “What to write” in the statement.
"""

VALUES = (
    ("N", "C", "H", "W"),
    ("batch_size", "channels", "height", "width"),
    ("batch_size", "color_channels", "height", "width"),
    ("n", "c", "h", "w"),
    ("batch", "channel", "height", "width"),
    ("batch_size", "channel", "height", "width"),
    ("images", "channels", "height", "width"),
    ("batches", "channels", "height", "width"),
    ("Batch", "Channels", "Height", "Width"),
)
VALUE = VALUES[0]


def add_channel_axis(image):
    return image.unsqueeze(0)


def channels_first(image):
    return image.permute(2, 0, 1).contiguous()


def flatten_image(image):
    return image.reshape(-1, 1)


def describe_batch(shape):
    return dict(zip(VALUE, shape))


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    if drop_last:
        return training_set_size // batch_size
    return -(-training_set_size // batch_size)
