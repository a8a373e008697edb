"""Raises StopIteration, which the wire has a word for.

stopped_by = ["process-boundary"]
status = "graded"
at_most = 0
"""

import sys


def attack():
    raise StopIteration


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
