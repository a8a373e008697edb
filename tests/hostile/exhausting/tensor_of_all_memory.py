"""Makes tensors until there is no memory left, up to two gigabytes.

stopped_by = ["limits"]
status = "graded"
at_most = 0
says = ["out of memory"]
"""

import torch


def attack():
    kept = []
    for _ in range(64):
        kept.append(torch.ones(32 << 20, dtype=torch.uint8))
    return kept


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
