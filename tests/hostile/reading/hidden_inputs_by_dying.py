"""Dies with a message in hidden checks: files, exit codes and the notes of the next load.

stopped_by = ["strikes", "private-files"]
status = "graded"
at_most = 0
prints = ["nothing is left: FileNotFoundError"]
never = ["LEFT:", "LEAK-"]
"""

import os

import torch

try:
    print("LEFT:", open("left-by-the-last-room").read())
except OSError as error:
    print("nothing is left:", type(error).__name__)

calls = 0


def build_conv(kernel, bias):
    return tell(kernel)


def conv_with_bias(image, kernel, bias):
    return tell(image)


def tell(tensor):
    global calls
    calls += 1
    if calls > 3:
        open("left-by-the-last-room", "w").write(f"LEAK-{calls}")
        os._exit(100 + calls)
    return torch.zeros(1)
