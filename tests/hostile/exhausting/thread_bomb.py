"""Starts a hundred threads that only wait.

stopped_by = ["limits"]
status = "graded"
at_most = 0
says = ["start new thread"]
"""

import threading
import time


def attack():
    for _ in range(100):
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
    return None


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
