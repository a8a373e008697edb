def pool_output_size(*args):
    return None


def max_pool2d(*args):
    return None


def pool_lecture_image(*args):
    return None
