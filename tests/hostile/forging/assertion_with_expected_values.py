"""Raises AssertionError, as a failed check would, with text that looks like a passed one.

stopped_by = ["process-boundary"]
status = "graded"
at_most = 0
says = ["raised AssertionError"]
"""

import sys


def attack():
    raise AssertionError("\nassert True\n1 passed")


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
