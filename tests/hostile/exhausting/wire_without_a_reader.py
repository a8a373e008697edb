"""Closes the wire and stays alive, so that nobody learns that it is gone.

stopped_by = ["deadline"]
status = "graded"
at_most = 0
says = ["the process ended during the call"]
"""

import os
import time


def attack():
    os.close(3)
    time.sleep(1000)


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
