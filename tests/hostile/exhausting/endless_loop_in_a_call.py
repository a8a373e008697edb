"""Never returns from a call.

stopped_by = ["deadline", "strikes"]
status = "graded"
at_most = 0
says = ["is there a loop that never ends?"]
"""

def attack():
    while True:
        pass


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
