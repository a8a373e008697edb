"""Asks a question at the terminal, and waits for the answer.

stopped_by = ["process-boundary"]
status = "graded"
at_most = 0
says = ["EOFError"]
"""

def attack():
    import sys

    sys.stdin = open(0)
    return input("Full marks? ")


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
