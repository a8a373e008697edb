"""Closes the wire and puts another descriptor in its place.

stopped_by = ["wire", "deadline"]
status = "graded"
at_most = 0
says = ["the process ended during the call"]
"""

import os

import torch


def attack():
    reader, writer = os.pipe()
    os.dup2(reader, 3)
    return torch.zeros(1)


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
