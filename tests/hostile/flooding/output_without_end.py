"""Writes to the output past Python, without end.

stopped_by = ["output-cap", "deadline"]
status = "graded"
at_most = 0
prints = ["yyyy"]
"""

import os


def attack():
    while True:
        os.write(1, b"y" * (1 << 20))


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
