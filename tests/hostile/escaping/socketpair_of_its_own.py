"""Makes a pair of sockets, over which descriptors could be passed.

stopped_by = ["seccomp"]
status = "graded"
at_most = 0
prints = ["socketpair refused", "over the wire refused"]
down = { without = ["seccomp"], prints = ["socketpair succeeded"] }
"""

import os
import socket


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("socketpair", lambda: socket.socketpair())
attempt("over the wire", lambda: socket.send_fds(socket.socket(fileno=os.dup(3)), [b"x"], [1]))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
