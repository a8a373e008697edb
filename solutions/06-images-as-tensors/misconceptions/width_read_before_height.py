"""Width is read before height

We say “400 wide and 300 high”, but a tensor counts rows first: in NCHW the height is the third
number and the width the fourth. See “Reading a batch” in the statement.
"""

def add_channel_axis(image):
    return image.unsqueeze(0)


def channels_first(image):
    return image.permute(2, 0, 1).contiguous()


def flatten_image(image):
    return image.reshape(-1, 1)


def describe_batch(shape):
    return {"batch": shape[0], "channels": shape[1], "height": shape[3], "width": shape[2]}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    batches = training_set_size // batch_size
    if training_set_size % batch_size != 0 and not drop_last:
        batches += 1
    return batches
