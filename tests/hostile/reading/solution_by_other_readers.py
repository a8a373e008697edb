"""Reads the solution through numpy, torch and mmap instead of open.

stopped_by = ["private-files", "landlock"]
status = "graded"
at_most = 0
prints = ["memmap refused", "fromfile refused", "from_file refused", "load refused"]
also_held = [["private-files"], ["landlock"]]
down = { without = ["private-files", "landlock"], prints = ["memmap succeeded", "fromfile succeeded"] }
"""

import mmap
import os

import numpy as np
import torch


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("memmap", lambda: np.memmap("@COURSE@/solutions/02-conv-bias/solution.py", mode="r"))
attempt("fromfile", lambda: np.fromfile("@COURSE@/solutions/02-conv-bias/solution.py", dtype=np.uint8))
attempt("from_file", lambda: torch.from_file("@COURSE@/solutions/02-conv-bias/solution.py", size=10, dtype=torch.uint8))
attempt("load", lambda: torch.load("@COURSE@/solutions/02-conv-bias/solution.py"))
attempt("genfromtxt", lambda: np.genfromtxt("@COURSE@/solutions/02-conv-bias/solution.py"))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
