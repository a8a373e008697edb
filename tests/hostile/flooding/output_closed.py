"""Closes its outputs and prints on.

stopped_by = ["wire"]
status = "graded"
at_most = 0
"""

import os


def attack():
    os.close(1)
    os.close(2)
    print("nobody hears this")
    return None


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
