"""Keeps what it is asked, and prints it later, from a thread and at exit.

stopped_by = ["hidden-output"]
status = "graded"
at_most = 0
never = ["LEAK-AT-EXIT", "LEAK-OF 4 CALLS.", "LEAK-OF 7 CALLS."]
"""

import atexit
import threading
import time

import torch

asked = []
atexit.register(lambda: print("LEAK-AT-EXIT", asked, flush=True))


def printing():
    while True:
        time.sleep(0.002)
        print("LEAK-OF", len(asked), "CALLS.", flush=True)


threading.Thread(target=printing, daemon=True).start()


def build_conv(kernel, bias):
    asked.append(kernel)
    return torch.zeros(1)


def conv_with_bias(image, kernel, bias):
    asked.append(image)
    return torch.zeros(1)
