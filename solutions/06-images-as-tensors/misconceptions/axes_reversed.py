"""Channels are brought to the front by turning all axes round

Swapping the first and the last axis makes (3, W, H) of (H, W, 3): the channels are in front, but
every channel is transposed. Height must stay before width. See “Colour images” in the statement.
"""

def add_channel_axis(image):
    return image.unsqueeze(0)


def channels_first(image):
    return image.transpose(0, 2).contiguous()


def flatten_image(image):
    return image.reshape(-1, 1)


def describe_batch(shape):
    return {"batch": shape[0], "channels": shape[1], "height": shape[2], "width": shape[3]}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    batches = training_set_size // batch_size
    if training_set_size % batch_size != 0 and not drop_last:
        batches += 1
    return batches
