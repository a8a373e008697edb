"""Returns a number of three million digits.

stopped_by = ["codec"]
status = "graded"
at_most = 0
says = ["no answer may be larger"]
"""

def attack():
    return 1 << 10_000_000


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
