"""Connects to the services that listen on files: docker, dbus, the X server.

stopped_by = ["seccomp", "private-files"]
status = "graded"
at_most = 0
prints = ["docker refused", "dbus refused", "log refused"]
"""

import socket


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("docker", lambda: socket.socket(socket.AF_UNIX).connect("/var/run/docker.sock"))
attempt("dbus", lambda: socket.socket(socket.AF_UNIX).connect("/run/dbus/system_bus_socket"))
attempt("log", lambda: socket.socket(socket.AF_UNIX).connect("/dev/log"))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
