"""Doubling is taken for squaring.

Squaring multiplies a number with itself. See "Twice as much".
"""


def double(x):
    return x * x
