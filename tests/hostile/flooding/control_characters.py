"""Prints and raises terminal sequences: clears the screen, moves the cursor, sets the title, hides text.

stopped_by = ["text-cleaning"]
status = "graded"
at_most = 0
never = ["\\u001b", "\\u009b", "\\u202e", "\\u2066", "\\b"]
"""

def attack():
    words = "\x1b[2J\x1b[H\x1b]0;passed\x07\x9b31m\x00\x08\x7f\u202e10/10\u2066\r100 %"
    print(words, flush=True)
    raise ValueError(words)


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
