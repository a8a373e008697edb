"""A tensor is expected where its shape is given

describe_batch is given the four numbers themselves: read them off the tuple. A tuple has no shape of its own. See
“Reading a batch” in the statement.
"""

def add_channel_axis(image):
    return image.unsqueeze(0)


def channels_first(image):
    return image.permute(2, 0, 1).contiguous()


def flatten_image(image):
    return image.reshape(-1, 1)


def describe_batch(shape):
    images, channels, height, width = shape.shape
    return {"batch": images, "channels": channels, "height": height, "width": width}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    if drop_last:
        return training_set_size // batch_size
    return -(-training_set_size // batch_size)
