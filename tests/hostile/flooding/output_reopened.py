"""Puts the wire in the place of the output, so that what it prints are answers.

stopped_by = ["wire"]
status = "graded"
at_most = 0
says = ["answered in a way that is not allowed"]
"""

import os


def attack():
    os.dup2(3, 1)
    print("value " * 1000, flush=True)
    return None


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
