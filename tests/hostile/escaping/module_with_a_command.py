"""Returns a module whose pickle would run a command.

stopped_by = ["codec"]
status = "graded"
at_most = 1.5
"""

import os

import torch
from torch import nn


class Sly(nn.Conv2d):
    def __reduce__(self):
        return os.system, ("touch /tmp/torchgrade-hostile",)

    def __reduce_ex__(self, protocol):
        return self.__reduce__()


def build_conv(kernel, bias):
    return Sly(1, 1, 1)


def conv_with_bias(image, kernel, bias):
    return Sly(1, 1, 1)
