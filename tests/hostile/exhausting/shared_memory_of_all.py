"""Maps shared memory, which a limit on private memory would not see, up to two gigabytes.

stopped_by = ["limits"]
status = "graded"
at_most = 0
says = []
"""

import mmap


def attack():
    kept = []
    for _ in range(64):
        kept.append(mmap.mmap(-1, 32 << 20))
        kept[-1].write(b"x" * (32 << 20))
    return None


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
