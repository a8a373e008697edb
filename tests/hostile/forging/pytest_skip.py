"""Raises pytest's own exceptions for a skipped and an expected failure.

stopped_by = ["process-boundary"]
status = "graded"
at_most = 0
says = ["Skipped"]
"""

import sys


def attack():
    import pytest

    pytest.skip("nothing to see here")


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
