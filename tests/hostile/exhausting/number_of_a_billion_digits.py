"""Computes a number of a billion digits in one step of C code, which nothing can interrupt.

stopped_by = ["deadline"]
status = "graded"
at_most = 0
says = ["is there a loop that never ends?"]
"""

def attack():
    return (1 << 10**8) ** 9


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
