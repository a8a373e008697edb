def conv_output_size(*args):
    return None


def zero_pad(*args):
    return None


def cross_correlate(*args):
    return None


def conv2d_by_hand(*args):
    return None
