"""Opens a connection to a port of this machine.

stopped_by = ["seccomp", "network-namespace"]
status = "graded"
at_most = 0
prints = ["socket refused", "connect refused", "udp refused", "six refused", "url refused"]
down = { without = ["seccomp"], prints = ["socket succeeded", "connect refused", "udp refused"] }
"""

import socket
import urllib.request


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM))
attempt("connect", lambda: socket.create_connection(("127.0.0.1", 9), timeout=1))
attempt("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)))
attempt("six", lambda: socket.socket(socket.AF_INET6))
attempt("url", lambda: urllib.request.urlopen("http://127.0.0.1:9/", timeout=1))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
