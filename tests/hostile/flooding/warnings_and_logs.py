"""Floods every other channel: warnings, logging, faulthandler, the profiler.

stopped_by = ["output-cap"]
status = "graded"
at_most = 0
"""

import faulthandler
import logging
import warnings


def attack():
    for number in range(2000):
        warnings.warn("w" * 1000 + str(number))
        logging.error("l" * 1000)
    faulthandler.dump_traceback(file=1)
    return None


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
