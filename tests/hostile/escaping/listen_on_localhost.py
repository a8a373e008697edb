"""Offers a service of its own on a port.

stopped_by = ["seccomp", "network-namespace"]
status = "graded"
at_most = 0
prints = ["listen refused", "abstract refused", "netlink refused", "packet refused"]
"""

import socket


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("listen", lambda: socket.create_server(("127.0.0.1", 0)))
attempt("abstract", lambda: socket.socket(socket.AF_UNIX).bind("\\0torchgrade-test"))
attempt("netlink", lambda: socket.socket(16, socket.SOCK_RAW, 0))
attempt("packet", lambda: socket.socket(17, socket.SOCK_RAW, 0))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
