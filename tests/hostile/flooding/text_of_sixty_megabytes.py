"""Returns a text of fifteen megabytes, to be quoted in the report.

stopped_by = ["comparison"]
status = "graded"
at_most = 0
says = ["zzz"]
"""

def attack():
    return 'z' * (15 << 20)


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
