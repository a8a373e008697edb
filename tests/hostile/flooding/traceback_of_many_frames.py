"""Raises an exception from ten thousand calls down.

stopped_by = ["claims"]
status = "graded"
at_most = 0
says = ["deep"]
"""

def attack():
    import sys

    sys.setrecursionlimit(20_000)

    def down(n):
        if n == 0:
            raise ValueError("deep")
        down(n - 1)

    down(10_000)


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
