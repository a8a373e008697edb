"""Makes 20,000 empty files.

stopped_by = ["private-files"]
status = "graded"
at_most = 0
says = ["No space left"]
"""

def attack():
    for number in range(20_000):
        open(f"empty-{number}", "w").close()


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
