"""Walks up the stack and the heap to the room's own objects, and rewrites what it finds there.

stopped_by = ["process-boundary"]
status = "graded"
at_most = 0
never = ["found Check", "found Grade", "found Examination"]
"""

import gc
import sys


def attack():
    frame = sys._getframe()
    while frame is not None:
        for name, value in list(frame.f_locals.items()):
            if name in ("answer", "seen", "kind", "outcome", "passed"):
                frame.f_locals[name] = ("value", True)
        frame = frame.f_back
    for thing in gc.get_objects():
        if type(thing).__name__ in ("Check", "CheckResult", "Grade", "Examination", "MismatchError"):
            print("found", type(thing).__name__)
    return None


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
