"""Returns a list in a list in a list.

stopped_by = ["codec"]
status = "graded"
at_most = 0
says = ["nested"]
"""

def attack():
    value = []
    for _ in range(10_000):
        value = [value]
    return value


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
