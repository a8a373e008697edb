"""Answers with a number where the protocol has three parts.

stopped_by = ["wire"]
status = "graded"
at_most = 0
says = ["answered in a way that is not allowed"]
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


reply(b"i" + struct.pack("<q", 10))


def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
