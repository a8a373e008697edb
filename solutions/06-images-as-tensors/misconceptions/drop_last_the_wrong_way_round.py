"""drop_last is taken the wrong way round

With drop_last=True a last batch that is not full is left out; without it, that batch counts. See “Batches in an
epoch” in the statement.
"""

def add_channel_axis(image):
    return image.unsqueeze(0)


def channels_first(image):
    return image.permute(2, 0, 1).contiguous()


def flatten_image(image):
    return image.reshape(-1, 1)


def describe_batch(shape):
    return {"batch": shape[0], "channels": shape[1], "height": shape[2], "width": shape[3]}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    if not drop_last:
        return training_set_size // batch_size
    return -(-training_set_size // batch_size)
