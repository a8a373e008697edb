def build_conv(*args):
    return None


def conv_with_bias(*args):
    return None
