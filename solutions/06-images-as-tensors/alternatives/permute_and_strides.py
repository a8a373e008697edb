import torch


class Images:
    """All the work is done by static methods."""

    @staticmethod
    def grey(image):
        height, width = image.size()
        return torch.as_strided(image, (1, height, width), (0,) + image.stride())

    @staticmethod
    def colour(image):
        out = torch.empty(3, image.shape[0], image.shape[1], dtype=image.dtype)
        out.copy_(image.swapaxes(0, 2).swapaxes(1, 2))
        return out

    @staticmethod
    def column(image):
        return torch.flatten(image)[..., None]


add_channel_axis = Images.grey
channels_first = Images.colour
flatten_image = Images.column


def describe_batch(shape):
    n, c, *hw = shape
    h, w = hw
    return dict(batch=n, channels=c, height=h, width=w)


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    rounding = 0 if drop_last else batch_size - 1
    return (training_set_size + rounding) // batch_size
