"""Take from a Linux Python what another system's lacks. Installed as `sitecustomize` of an environment of its own.

Third-party libraries have their own ways on each system, which are not what is tried here: they are imported first, as
they are. Then, at the first import of a module of the grader's, the functions go, and `sys.platform` changes its name.
What is taken is what the documentation of Python names as Unix or Linux alone, as far as the grader could reach it.
"""

from __future__ import annotations

import importlib
import importlib.abc
import os
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import types
from typing import Any

SYSTEM = "@SYSTEM@"

LIGHT = """
    asyncio click click.testing concurrent.futures getpass jinja2 markdown_it msgspec multiprocessing nbformat
    platformdirs pydoc pygments pygments.lexers rich.console rich.live rich.markdown rich.padding rich.progress
    rich.syntax rich.table tarfile tempfile urllib.request uuid webbrowser yaml zipfile
"""
HEAVY = "IPython.core.inputtransformer2 numpy pytest torch torch.optim torch.utils.data"

MODULES = {
    "win32": ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "posix"),
    "darwin": ("spwd",),
}
FUNCTIONS: dict[str, dict[Any, str]] = {
    "win32": {
        os: """fork forkpty register_at_fork wait wait3 wait4 waitid WNOHANG WUNTRACED killpg setsid getsid setpgid
            getpgid getpgrp getuid geteuid getgid getegid setuid setgid setresuid setresgid
            getresuid setgroups getgroups chown lchown fchown fchmod mkfifo mknod pidfd_open
            memfd_create sched_getaffinity sched_setaffinity set_blocking get_blocking pread pwrite
            preadv pwritev sendfile O_CLOEXEC O_NOFOLLOW O_DIRECTORY O_NONBLOCK O_PATH O_TMPFILE
            nice getpriority setpriority openpty sysconf getloadavg statvfs fstatvfs chroot fchdir
            pipe2 posix_spawn posix_spawnp eventfd uname unshare setns""",
        signal: """SIGKILL SIGALRM SIGPROF SIGVTALRM SIGHUP SIGCHLD SIGUSR1 SIGUSR2 SIGPIPE SIGSTOP SIGCONT SIGQUIT
            setitimer getitimer ITIMER_REAL ITIMER_PROF ITIMER_VIRTUAL alarm pause pthread_sigmask
            pthread_kill""",
        socket: "AF_UNIX send_fds recv_fds CMSG_LEN SCM_RIGHTS sethostname",
        select: "poll epoll POLLIN POLLOUT POLLHUP",
    },
    "darwin": {
        os: """pidfd_open memfd_create sched_getaffinity sched_setaffinity O_PATH O_TMPFILE setresuid setresgid
            eventfd unshare setns pipe2 waitid""",
        select: "epoll",
        socket: "SOCK_SEQPACKET",
    },
}


class _Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name in MODULES[SYSTEM]:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


class _Begin(importlib.abc.MetaPathFinder):
    """Waits for the grader."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.startswith("grader."):
            sys.meta_path.remove(self)
            arriving = any("arrive(" in argument for argument in sys.orig_argv)
            for module in (LIGHT + HEAVY if arriving else LIGHT).split():
                importlib.import_module(module)
            take_away()


def take_away() -> None:
    """From here on this is the other system, as far as that goes."""
    _keep_for_the_standard_library()
    for module, names in FUNCTIONS[SYSTEM].items():
        for name in names.split():
            if hasattr(module, name):
                delattr(module, name)
    for name in MODULES[SYSTEM]:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, _Missing())
    if SYSTEM == "win32":
        _be_windows()
    else:
        _be_macos()
    sys.platform = SYSTEM


def _keep_for_the_standard_library() -> None:
    """`subprocess` itself is Unix's here, and must go on working."""
    for name in ("os", "signal"):
        module = types.ModuleType(name)
        vars(module).update(vars(sys.modules[name]))
        setattr(subprocess, name, module)


def _be_windows() -> None:
    os.supports_dir_fd.clear()
    os.supports_fd.clear()
    shutil._use_fd_functions = False  # type: ignore[attr-defined]  # It has asked for these when it was imported.
    started = subprocess.Popen.__init__

    def start(self: Any, *arguments: Any, **options: Any) -> None:
        for name in ("pass_fds", "preexec_fn", "process_group", "start_new_session", "umask", "user", "group"):
            if options.get(name) not in (None, (), False, -1):
                raise ValueError(f"{name} is not supported on Windows platforms")
        started(self, *arguments, **options)

    subprocess.Popen.__init__ = start  # type: ignore[method-assign]
    ssl.enum_certificates = lambda store: []  # type: ignore[attr-defined]
    os.O_BINARY = 0  # type: ignore[attr-defined]
    runtime = types.ModuleType("msvcrt")
    runtime.setmode = lambda fd, flags: flags  # type: ignore[attr-defined]
    sys.modules["msvcrt"] = runtime


def _be_macos() -> None:
    import platform
    import resource

    set_limit = resource.setrlimit

    def setrlimit(which: int, limits: tuple[int, int]) -> None:
        if which == resource.RLIMIT_AS:
            raise ValueError("current limit exceeds maximum limit")
        set_limit(which, limits)

    resource.setrlimit = setrlimit
    platform.machine = lambda: "arm64"


sys.meta_path.insert(0, _Begin())
