"""Writes 300 MB to its folder, in several files.

stopped_by = ["private-files", "limits"]
status = "graded"
at_most = 0
says = ["OSError"]
"""

def attack():
    for number in range(10):
        with open(f"filling-{number}", "wb") as file:
            file.write(b"x" * (30 << 20))


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
