"""Takes memory while it is loaded.

stopped_by = ["limits"]
status = "graded"
at_most = 0
says = ["out of memory"]
"""

def attack():
    kept = [bytearray(32 << 20) for _ in range(64)]


attack()


def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
