def add_channel_axis(*args):
    return None


def channels_first(*args):
    return None


def flatten_image(*args):
    return None


def describe_batch(*args):
    return None


def batches_in_epoch(*args):
    return None
