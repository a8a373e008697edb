"""Defines 300,000 names while it is loaded.

stopped_by = ["claims"]
status = "graded"
at_most = 0
"""

globals().update({f"name_{n}": n for n in range(300_000)})


def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
