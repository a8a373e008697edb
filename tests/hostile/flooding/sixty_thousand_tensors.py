"""Returns sixty thousand tensors of one number each.

stopped_by = ["codec", "deadline"]
status = "graded"
at_most = 0
"""

import torch


def attack():
    return [torch.zeros(()) for _ in range(60_000)]


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
