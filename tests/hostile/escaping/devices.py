"""Opens devices: memory, terminals, disks, virtual machines.

stopped_by = ["private-files", "landlock"]
status = "graded"
at_most = 0
prints = ["mem refused", "kmsg refused", "tty refused", "ptmx refused", "kvm refused", "fuse refused", "vda refused", "sda refused", "net/tun refused", "console refused"]
also_held = [["private-files"], ["landlock"]]
"""

import os


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("mem", lambda: os.open("/dev/mem", os.O_RDWR))
attempt("kmsg", lambda: os.open("/dev/kmsg", os.O_RDWR))
attempt("tty", lambda: os.open("/dev/tty", os.O_RDWR))
attempt("ptmx", lambda: os.open("/dev/ptmx", os.O_RDWR))
attempt("kvm", lambda: os.open("/dev/kvm", os.O_RDWR))
attempt("fuse", lambda: os.open("/dev/fuse", os.O_RDWR))
attempt("vda", lambda: os.open("/dev/vda", os.O_RDWR))
attempt("sda", lambda: os.open("/dev/sda", os.O_RDWR))
attempt("net/tun", lambda: os.open("/dev/net/tun", os.O_RDWR))
attempt("console", lambda: os.open("/dev/console", os.O_WRONLY))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
