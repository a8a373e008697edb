"""Answers with a kind of its own: passed.

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


reply(reply_of(b"passed", b"T"))


def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
