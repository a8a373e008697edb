def to_nchw(*args):
    return None


def conv_functional(*args):
    return None


def conv_module(*args):
    return None


def outputs_match(*args):
    return None
