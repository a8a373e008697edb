"""Leaves with exit code 0 in the middle of a call.

stopped_by = ["process-boundary"]
status = "graded"
at_most = 0
says = ["the process ended during the call"]
"""

import os


def attack():
    os._exit(0)


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
