"""Prints 40 MB through Python's own output, at every call.

stopped_by = ["output-cap"]
status = "graded"
at_most = 0
says = ["None"]
prints = ["xxxx"]
"""

def attack():
    for _ in range(40):
        print("x" * (1 << 20))
    return None


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
