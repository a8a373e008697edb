"""Says that it ran a forbidden operator, in a line whose number has 4,000 digits.

problem = "01-maxpool"
stopped_by = ["codec"]
status = "graded"
at_most = 0
"""

import gc
import struct

import grader.sandbox.room as room


def reply(payload):
    room.Room._answer_decoded = lambda self, asked: payload


def text(value):
    return b"s" + struct.pack("<I", len(value)) + value


def reply_of(kind, value):
    return b"t" + struct.pack("<I", 3) + text(kind) + value + b"l" + struct.pack("<I", 0)


reply(b"t" + struct.pack("<I", 3) + text(b"value") + b"N" + b"l" + struct.pack("<I", 1) + b"t" + struct.pack("<I", 3) + text(b"aten::" + b"x" * 100000) + text(b"f") + b"I" + struct.pack("<I", 4000) + b"\x7f" * 4000)


def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
