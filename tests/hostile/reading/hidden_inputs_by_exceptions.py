"""Tells what it is asked in exceptions: their messages, types, frames and notes.

stopped_by = ["hidden-output"]
status = "graded"
at_most = 0
says = ["LEAK_1_"]
never = ["LEAK_4_", "LEAK_9_"]
"""

calls = 0


def build_conv(kernel, bias):
    return tell(kernel)


def conv_with_bias(image, kernel, bias):
    return tell(image)


def tell(tensor):
    global calls
    calls += 1
    words = f"LEAK_{calls}_OF_SHAPE_" + "x".join(map(str, tensor.shape))
    error = type(words, (Exception,), {})(words)
    error.add_note(words)
    exec(f"def {words}():\n    raise error", {"error": error}, space := {})
    space[words]()
