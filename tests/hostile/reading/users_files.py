"""Opens what identifies the machine and its users.

stopped_by = ["private-files", "landlock"]
status = "graded"
at_most = 0
prints = ["passwd refused", "shadow refused", "home refused"]
also_held = [["private-files"], ["landlock"]]
down = { without = ["private-files", "landlock"], prints = ["passwd succeeded"] }
"""

import os


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("passwd", lambda: open("/etc/passwd").read())
attempt("shadow", lambda: open("/etc/shadow").read())
attempt("home", lambda: os.listdir("/home") + os.listdir("/root/.ssh"))
attempt("hostname", lambda: open("/etc/hostname").read())
attempt("history", lambda: open(os.path.expanduser("~root/.bash_history")).read())

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
