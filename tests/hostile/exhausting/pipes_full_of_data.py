"""Fills pipes, which hold memory that belongs to nobody, up to 300 MB.

stopped_by = ["limits"]
status = "graded"
at_most = 0
says = ["OSError"]
"""

import os


def attack():
    for _ in range(300):
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        os.write(writer, b"x" * (1 << 20))


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
