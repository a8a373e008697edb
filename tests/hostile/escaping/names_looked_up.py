"""Looks up a name, and the machine's own.

stopped_by = ["seccomp", "private-files"]
status = "graded"
at_most = 0
prints = ["getaddrinfo refused", "gethostbyname refused"]
"""

import socket


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("getaddrinfo", lambda: socket.getaddrinfo("localhost", 80))
attempt("gethostbyname", lambda: socket.gethostbyname("localhost.localdomain"))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
