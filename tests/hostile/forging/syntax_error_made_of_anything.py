"""Describes a syntax error whose line is text, whose column is nan, and whose text is a list.

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


reply(reply_of(b"raised", b"d" + struct.pack("<I", 2) + text(b"type") + text(b"SyntaxError") + text(b"syntax") + b"d" + struct.pack("<I", 3) + text(b"line") + text(b"x") + text(b"column") + b"f" + struct.pack("<d", float("nan")) + text(b"text") + b"l" + struct.pack("<I", 0)))


def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
