"""Raises SystemExit(0), which many a runner takes for success.

stopped_by = ["process-boundary"]
status = "graded"
at_most = 0
says = ["ended the program"]
"""

import sys


def attack():
    sys.exit(0)


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
