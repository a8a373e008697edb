"""Raises KeyboardInterrupt, at which a runner stops.

stopped_by = ["process-boundary"]
status = "graded"
at_most = 0
says = ["ended the program"]
"""

import sys


def attack():
    raise KeyboardInterrupt


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
