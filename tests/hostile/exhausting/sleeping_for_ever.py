"""Waits for something that never comes: a lock, a pipe, an event.

stopped_by = ["deadline"]
status = "graded"
at_most = 0
says = ["is there a loop that never ends?"]
"""

import threading


def attack():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
