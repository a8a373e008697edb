"""One batch too many is counted when the batches come out even

Only when images are left over is there a smaller batch. 1000 images in batches of ten leave nothing
over. See “Batches in an epoch” in the statement.
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
    batches = training_set_size // batch_size
    if not drop_last:
        batches += 1  # the last batch
    return batches
