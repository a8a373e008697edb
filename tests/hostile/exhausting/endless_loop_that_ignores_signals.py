"""Ignores every signal, catches every exception, and goes on for ever.

stopped_by = ["deadline"]
status = "graded"
at_most = 0
says = ["is there a loop that never ends?"]
"""

import signal


def attack():
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
