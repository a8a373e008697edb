"""Starts programs: subprocess, os.system, os.popen, posix_spawn.

stopped_by = ["seccomp"]
status = "graded"
at_most = 0
prints = ["run refused", "shell refused", "popen refused", "spawn refused", "system refused"]
"""

import os
import subprocess
import sys


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("run", lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
attempt("shell", lambda: subprocess.check_output("true", shell=True))
attempt("popen", lambda: os.popen("true").close() or os.stat("no-output"))
attempt("spawn", lambda: os.posix_spawn(sys.executable, ["python"], {}))
attempt("system", lambda: 1 / (os.system("true") == 0))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
