"""Searches all of its own memory for the marker in checks and solutions.

stopped_by = ["process-boundary"]
status = "graded"
at_most = 0
prints = ["searched True found 0"]
"""

import ctypes
import gc
import os

CHUNK = 1 << 16


def planted(data):
    """How often the marker is there, without having it in one piece itself."""
    return sum(piece[:4] == b"-IN-" for piece in data.split(b"PLANTED")[1:])


libc = ctypes.CDLL(None)
libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
reader, writer = os.pipe()
found = pages = 0
seen = set()
for thing in gc.get_objects():
    at = id(thing) - id(thing) % CHUNK
    while at not in seen:
        seen.add(at)
        size = libc.write(writer, at, CHUNK)
        if size <= 0:
            break
        pages += 1
        found += planted(os.read(reader, size))
        at += CHUNK
print("searched", pages > 100, "found", found)


def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
