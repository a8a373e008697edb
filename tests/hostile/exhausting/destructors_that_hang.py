"""Leaves objects whose destructors, exit handlers and threads never end.

stopped_by = ["deadline"]
status = "graded"
at_most = 0
"""

import atexit
import threading
import time


def attack():
    class Clinging:
        def __del__(self):
            while True:
                time.sleep(1)

    atexit.register(time.sleep, 1000)
    threading.Thread(target=time.sleep, args=(1000,)).start()
    return Clinging()


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
