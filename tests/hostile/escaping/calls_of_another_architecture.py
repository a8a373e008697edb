"""Makes a system call in the way of 32-bit programs, which a filter may have forgotten.

stopped_by = ["seccomp"]
status = "crashed"
at_most = 0
prints = ["before"]
never = ["after"]
"""

import ctypes
import mmap

print("before", flush=True)
memory = mmap.mmap(-1, 4096, prot=7)
memory.write(bytes.fromhex("b814000000cd80c3"))  # getpid by int 0x80
ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()
print("after", flush=True)


def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
