"""The channel axis is put between height and width

unsqueeze(1) makes (H, 1, W) of (H, W). The 1 is the new axis's place, counted from 0, not its length. For a single
image the channels come first. See “Grayscale images” in the statement.
"""


def add_channel_axis(image):
    return image.unsqueeze(1)


def channels_first(image):
    red, green, blue = image[..., 0], image[..., 1], image[..., 2]
    out = image.new_zeros(3, *red.shape)
    out[0], out[1], out[2] = red, green, blue
    return out


def flatten_image(image):
    return image.flatten().unsqueeze(1)


def describe_batch(shape):
    names = ("batch", "channels", "height", "width")
    return {name: size for name, size in zip(names, shape)}


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    batches = training_set_size // batch_size
    if training_set_size % batch_size > 0 and not drop_last:
        batches += 1
    return batches
