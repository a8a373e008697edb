"""Makes links to the solution in its own folder.

stopped_by = ["seccomp", "landlock", "private-files"]
status = "graded"
at_most = 0
prints = ["symlink refused", "link refused"]
down = { without = ["seccomp", "landlock", "private-files"], prints = ["symlink succeeded"] }
"""

import os


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("symlink", lambda: (os.symlink("@COURSE@/solutions/02-conv-bias/solution.py", "link"), open("link").read()))
attempt("link", lambda: (os.link("@COURSE@/solutions/02-conv-bias/solution.py", "hard"), open("hard").read()))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
