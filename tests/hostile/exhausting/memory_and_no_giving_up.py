"""Takes memory, catches the error, and tries again with less, for ever.

stopped_by = ["limits", "deadline"]
status = "graded"
at_most = 0
"""

def attack():
    kept = []
    size = 64 << 20
    while True:
        try:
            kept.append(bytearray(size))
        except MemoryError:
            size = max(size // 2, 1)


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
