"""The image is returned as it came

An axis of length 1 is an axis: (H, W) becomes (1, H, W). See “Grayscale images” in the statement.
"""

def add_channel_axis(image):
    return image


def channels_first(image):
    return image.permute(2, 0, 1).contiguous()


def flatten_image(image):
    return image.reshape(-1, 1)


def describe_batch(shape):
    return {"batch": shape[0], "channels": shape[1], "height": shape[2], "width": shape[3]}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    if drop_last:
        return training_set_size // batch_size
    return -(-training_set_size // batch_size)
