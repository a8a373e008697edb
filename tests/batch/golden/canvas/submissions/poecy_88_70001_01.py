from helper import twice


def double(x):
    return twice(x)
