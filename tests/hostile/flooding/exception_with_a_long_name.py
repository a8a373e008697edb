"""Raises an exception whose class, module, function and file have long names.

stopped_by = ["claims"]
status = "graded"
at_most = 0
says = ["NNN"]
"""

def attack():
    name = "N" * 1_000_000
    raise type(name, (Exception,), {"__module__": name})("short")


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
