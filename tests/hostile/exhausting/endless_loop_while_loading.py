"""Never finishes loading.

stopped_by = ["deadline"]
status = "graded"
at_most = 0
says = ["was stopped after", "a loop that never ends"]
"""

def attack():
    while True:
        pass


attack()


def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
