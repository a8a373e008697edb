"""The image is read as (width, height) and its rows are cut up anew

A tensor's first axis counts the rows, so an image is (height, width). Adding an axis leaves both as
they are; giving reshape the two lengths the other way round tears the rows apart. See “Grayscale
images” in the statement.
"""

def add_channel_axis(image):
    width, height = image.shape
    return image.reshape(1, height, width)


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
