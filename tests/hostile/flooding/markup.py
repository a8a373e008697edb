"""Prints and raises HTML, scripts and terminal markup.

stopped_by = ["text-cleaning"]
status = "graded"
at_most = 0
says = ["<script>"]
"""

def attack():
    words = "<script>alert(1)</script><img src=x onerror=alert(1)>[bold red]100 %[/] {{ 7 * 7 }} ]]>"
    print(words, flush=True)
    raise type("<b>E</b>", (Exception,), {})(words)


def build_conv(kernel, bias):
    return attack()


def conv_with_bias(image, kernel, bias):
    return attack()
