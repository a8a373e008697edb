"""Forks twenty times, and each child twenty times: nowhere near as many as a real one.

stopped_by = ["seccomp", "limits"]
status = "graded"
at_most = 0
says = ["PermissionError"]
"""

import os


def attack():
    for _ in range(20):
        os.fork()


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
