"""Opens files without closing them.

stopped_by = ["limits"]
status = "graded"
at_most = 0
says = ["Too many open files"]
"""

import os


def attack():
    kept = [open(os.devnull) for _ in range(10_000)]
    return None


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
