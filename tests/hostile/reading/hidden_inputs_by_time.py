"""Takes its time according to what it is asked, to be read off the report's durations.

stopped_by = ["coarse-durations"]
status = "graded"
at_most = 0
"""

import time

import torch


def build_conv(kernel, bias):
    time.sleep(float(kernel.flatten()[0].abs()) % 1 / 10)
    return torch.zeros(1)


def conv_with_bias(image, kernel, bias):
    time.sleep(float(image.flatten()[0].abs()) % 1 / 10)
    return torch.zeros(1)
