"""Is a short source whose constants the compiler computes.

stopped_by = ["limits", "deadline"]
status = ["graded", "rejected", "timeout", "out_of_memory"]
at_most = 0
"""

def f():
    return (((("x" * 4096) * 64) * 64) * 64, 2**(2**20) ** 3)


KEPT = [f() for _ in range(8)]


def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
