"""Returns a list of ten million numbers.

stopped_by = ["codec", "limits"]
status = "graded"
at_most = 0
"""

def attack():
    return list(range(10_000_000))


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
