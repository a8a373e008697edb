"""The number of batches is rounded to the nearest

Whether images are left over is a question of yes or no: one image more than 100 full batches needs
batch number 101, just as nine would. Round up, not to the nearest. See “Batches in an epoch” in the
statement.
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
    if drop_last:
        return training_set_size // batch_size
    return round(training_set_size / batch_size)
