"""The channel axis is added at the end

Picture files and drawing libraries keep the channels last, PyTorch keeps them before height and
width. A grayscale image becomes (1, H, W), not (H, W, 1). See “Grayscale images” in the statement.
"""

def add_channel_axis(image):
    return image.unsqueeze(-1)


def channels_first(image):
    return image.permute(2, 0, 1).contiguous()


def flatten_image(image):
    return image.reshape(-1, 1)


def describe_batch(shape):
    return {"batch": shape[0], "channels": shape[1], "height": shape[2], "width": shape[3]}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    batches = training_set_size // batch_size
    if training_set_size % batch_size != 0 and not drop_last:
        batches += 1
    return batches
