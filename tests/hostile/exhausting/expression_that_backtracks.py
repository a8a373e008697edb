"""Runs a regular expression that takes years, inside the interpreter's own C code.

stopped_by = ["deadline"]
status = "graded"
at_most = 0
says = ["is there a loop that never ends?"]
"""

import re


def attack():
    return re.fullmatch("(a+)+b", "a" * 60)


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
