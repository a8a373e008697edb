"""Returns a tensor that would take three gigabytes.

stopped_by = ["codec"]
status = "graded"
at_most = 0
says = ["no answer may be larger"]
"""

import torch


def attack():
    return torch.zeros(1, dtype=torch.uint8).expand(3 << 30)


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
