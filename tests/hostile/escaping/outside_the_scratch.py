"""Makes files, folders and pipes outside of its own folder.

stopped_by = ["private-files", "landlock", "seccomp"]
status = "graded"
at_most = 0
prints = ["/ refused", "/etc refused", "/var/tmp refused", "/dev refused", "/dev/shm refused", "/usr refused", ".. refused", "fifo refused", "device refused"]
"""

import os


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("/", lambda: open("//torchgrade-hostile", "x"))
attempt("/etc", lambda: open("/etc/torchgrade-hostile", "x"))
attempt("/var/tmp", lambda: open("/var/tmp/torchgrade-hostile", "x"))
attempt("/dev", lambda: open("/dev/torchgrade-hostile", "x"))
attempt("/dev/shm", lambda: open("/dev/shm/torchgrade-hostile", "x"))
attempt("/usr", lambda: open("/usr/torchgrade-hostile", "x"))
attempt("..", lambda: open("../torchgrade-hostile", "x"))
attempt("fifo", lambda: os.mkfifo("pipe"))
attempt("device", lambda: os.mknod("null", 0o20666, os.makedev(1, 3)))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
