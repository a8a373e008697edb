"""Returns a numpy array of objects.

stopped_by = ["comparison"]
status = "graded"
at_most = 0
"""

import numpy as np


def build_conv(kernel, bias):
    return np.array([object()])


def conv_with_bias(image, kernel, bias):
    return np.array([object()])
