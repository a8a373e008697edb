"""Raises its own limits.

stopped_by = ["seccomp", "limits"]
status = "graded"
at_most = 0
prints = ["AS refused", "DATA refused", "CPU refused", "FSIZE refused", "NPROC refused", "NOFILE refused", "CORE refused", "nice refused"]
also_held = [["seccomp"]]
"""

import os
import resource


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("AS", lambda: resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2))
attempt("DATA", lambda: resource.setrlimit(resource.RLIMIT_DATA, (resource.RLIM_INFINITY,) * 2))
attempt("CPU", lambda: resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY,) * 2))
attempt("FSIZE", lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2))
attempt("NPROC", lambda: resource.setrlimit(resource.RLIMIT_NPROC, (resource.RLIM_INFINITY,) * 2))
attempt("NOFILE", lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (resource.RLIM_INFINITY,) * 2))
attempt("CORE", lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2))
attempt("nice", lambda: os.setpriority(os.PRIO_PROCESS, 0, -5))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
