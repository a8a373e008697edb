"""Never finishes loading.

stopped_by = ["deadline"]
status = "timeout"
at_most = 0
says = ["loading it took longer"]
"""

def attack():
    while True:
        pass


attack()


def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
