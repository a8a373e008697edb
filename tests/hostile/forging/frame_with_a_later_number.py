"""Answers the next call in advance, so that its question is never computed.

stopped_by = ["wire"]
status = "graded"
at_most = 0
says = ["answered in a way that is not allowed"]
"""

import struct
import threading
import os


def frame(number, payload):
    return struct.pack("<IQ", len(payload), number) + payload


PASSED = b"t" + struct.pack("<I", 3) + b"s" + struct.pack("<I", 5) + b"value" + b"T" + b"l" + struct.pack("<I", 0)


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()


def attack():
    os.write(3, frame(1000, PASSED))
    return None
