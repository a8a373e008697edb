"""The flattened image is laid out as a row

A column of H·W pixels has the shape (H·W, 1): one pixel in each row. (1, H·W) is a single row that
holds all of them. See “Flattening” in the statement.
"""

def add_channel_axis(image):
    return image.unsqueeze(0)


def channels_first(image):
    return image.permute(2, 0, 1).contiguous()


def flatten_image(image):
    return image.reshape(1, -1)


def describe_batch(shape):
    return {"batch": shape[0], "channels": shape[1], "height": shape[2], "width": shape[3]}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    batches = training_set_size // batch_size
    if training_set_size % batch_size != 0 and not drop_last:
        batches += 1
    return batches
