"""Keeps every core busy with threads that go on after the call.

stopped_by = ["deadline", "limits"]
status = "graded"
at_most = 0
"""

import threading

import torch


def attack():
    for _ in range(8):
        threading.Thread(target=lambda: [torch.ones(200, 200) @ torch.ones(200, 200) for _ in iter(int, 1)], daemon=True).start()
    return torch.zeros(1)


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
