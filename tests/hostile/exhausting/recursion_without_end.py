"""Calls itself without end, and raises Python's own limit first.

stopped_by = ["limits", "deadline"]
status = "graded"
at_most = 0
"""

import sys


def attack():
    sys.setrecursionlimit(10**8)

    def deeper(n):
        return deeper(n + 1) + 1

    return deeper(0)


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
