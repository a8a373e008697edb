def conv2d_parameters(*args):
    return None


def linear_parameters(*args):
    return None


def conv2d_output_shape(*args):
    return None


def parameter_table(*args):
    return None


def total_parameters(*args):
    return None


def _as_pair(*args):
    return None


def _window_places(*args):
    return None
