"""Raises an exception with a message of a hundred megabytes.

stopped_by = ["claims"]
status = "graded"
at_most = 0
says = ["ValueError"]
"""

def attack():
    raise ValueError("m" * (100 << 20))


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
