"""What the processes of a sandbox are started with: which grader, which environment, which folder for files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import grader

# Set before torch is imported: a zygote that ever ran two threads leaves its children hanging. Nothing of Python's own:
# -I ignores that, and a known PYTHONHASHSEED would let a room's texts collide on purpose in the checker.
_FIXED = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",
}
FORKED = _FIXED | {
    "HOME": "/tmp",
    "TMPDIR": "/tmp",
    "TORCHINDUCTOR_CACHE_DIR": "/tmp/torchinductor",
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
}
"""The environment of a stem and all that it forks."""

# What an interpreter needs to start at all, on one system or another: Windows finds its own libraries by SYSTEMROOT and
# PATH, and Python the user's folder by USERPROFILE.
_NEEDED = (
    "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "PATH", "TEMP", "TMP", "TMPDIR",
    "USERPROFILE", "USERNAME", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "HOME", "LANG", "LC_ALL", "LC_CTYPE",
    "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE",
)  # fmt: skip


def spawned() -> dict[str, str]:
    """The environment of a spawned process."""
    return {name: os.environ[name] for name in _NEEDED if name in os.environ} | _FIXED


def this_grader(code: str) -> str:
    """`code` as a program for ``python -I -c``, in which `grader` is the package that runs here.

    By itself, an interpreter that heeds neither the environment nor the current folder would take the one that is
    installed: a driver of one checkout would then run another's processes.
    """
    package = ascii(str(Path(grader.__file__).resolve()))
    return (
        "import importlib.util, sys; "
        f"spec = importlib.util.spec_from_file_location('grader', {package}); "
        "sys.modules['grader'] = module = importlib.util.module_from_spec(spec); "
        f"spec.loader.exec_module(module); {code}"
    )


def live_in(scratch: str) -> None:
    """Make the scratch the place for all files: for those of what is imported here, and for those of rooms, which
    inherit it."""
    os.environ.update(HOME=scratch, TMPDIR=scratch, TORCHINDUCTOR_CACHE_DIR=os.path.join(scratch, "torchinductor"))
    tempfile.tempdir = scratch
