"""Raises an exception whose every part raises another.

stopped_by = ["process-boundary"]
status = "graded"
at_most = 0
says = ["could not be read"]
"""

import sys


def attack():
    class Resisting(BaseException):
        def __str__(self):
            raise Resisting
        __repr__ = __str__
        __cause__ = property(__str__)
        __module__ = property(__str__)

    Resisting.__qualname__ = "R" * 100000
    raise Resisting


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
