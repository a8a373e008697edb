"""Describes an exception with 20,000 frames.

stopped_by = ["claims"]
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


reply(reply_of(b"raised", b"d" + struct.pack("<I", 2) + text(b"type") + text(b"E") + text(b"frames") + b"l" + struct.pack("<I", 20000) + (b"t" + struct.pack("<I", 4) + text(b"f") + b"i" + struct.pack("<q", 1) + text(b"g") + text(b"h")) * 20000))


def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
