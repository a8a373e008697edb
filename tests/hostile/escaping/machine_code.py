"""Runs machine code of its own that makes a socket, past every library.

stopped_by = ["seccomp"]
status = "graded"
at_most = 0
prints = ["socket by code refused"]
down = { without = ["seccomp"], prints = ["socket by code succeeded"] }
"""

import ctypes
import mmap

CODE = bytes.fromhex("b829000000bf02000000be0100000031d20f05c3")  # socket(2, 1, 0)
memory = mmap.mmap(-1, 4096, prot=7)
memory.write(CODE)
function = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("socket by code", lambda: 1 / max(function() + 1, 0))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
