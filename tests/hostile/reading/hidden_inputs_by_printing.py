"""Prints what it is asked, in hidden checks as well.

stopped_by = ["hidden-output"]
status = "graded"
at_most = 0
prints = ["LEAK-3-"]
never = ["LEAK-4-", "LEAK-9-"]
"""

import sys

import torch

calls = 0


def build_conv(kernel, bias):
    return tell(kernel)


def conv_with_bias(image, kernel, bias):
    return tell(image)


def tell(tensor):
    global calls
    calls += 1
    line = f"LEAK-{calls}-OF-SHAPE-{tuple(tensor.shape)}"
    print(line, flush=True)
    print(line, file=sys.stderr, flush=True)
    sys.stdout.write(line)
    open(1, "w", closefd=False).write(line)
    return torch.zeros(1)
