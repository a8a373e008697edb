"""Returns half a million objects, each of which would become a handle.

stopped_by = ["codec"]
status = "graded"
at_most = 0
says = ["no answer may be larger"]
"""

def attack():
    return [object() for _ in range(500_000)]


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
