"""Makes folders in folders, deeper than a path may be long, and leaves them.

stopped_by = ["private-files"]
status = "graded"
at_most = 0
"""

import os

import torch


def attack():
    for _ in range(2000):
        os.mkdir("deeper")
        os.chdir("deeper")
    return torch.zeros(1)


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
