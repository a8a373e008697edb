"""The private file system: an empty root with read-only windows on the interpreter and its libraries.

problems/, solutions/, other submissions, home directories and /proc do not exist in it. Mounts are taken as detached
copies (`open_tree`) before the new root is laid over a folder: so it can hide nothing that is needed.
"""

from __future__ import annotations

import os
import stat
import sys
import sysconfig
from collections.abc import Iterable

from grader.model import Limits
from grader.sandbox.walls import kernel
from grader.sandbox.walls.wall import ALONE, Ground, Promise, Wall

# Rooms have their files where programs look for such a place, unless a library lies there.
_SCRATCHES = ("/tmp", "/scratch", "/torchgrade-scratch")
# Any folder that every system has: the new root is put together over it.
_BASE = "/tmp"
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_SINGLE_FILES = ("/etc/ld.so.cache",)
# Where a system has its shared libraries, for want of a /proc that tells which of them are in use.
_LIBRARIES = ("/lib", "/usr/lib", "/lib64", "/usr/lib64")
_ROOT_SIZE = "size=1m,nr_inodes=4096,mode=755"


def library_paths() -> list[str]:
    """Folders and files that Python, torch and the C library read at run time, and nothing else.

    The standard library, the folders of installed packages, and the folders of shared libraries that this process
    has mapped already. A project that is installed in editable mode is not among them.
    """
    paths = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    # These matter where the interpreter is a shared library, or packages sit in a user's folder.
    paths += [entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages", "lib-dynload"))]
    paths += [os.path.dirname(path) for path in _mapped_libraries()]
    existing = sorted({os.path.realpath(path) for path in paths if path and os.path.isdir(path)})
    roots: list[str] = []
    for path in existing:
        if not any(path == root or path.startswith(root + "/") for root in roots):
            roots.append(path)
    return roots + [path for path in _SINGLE_FILES if os.path.isfile(path)]


def _mapped_libraries() -> Iterable[str]:
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
            mapped = {line.split(maxsplit=5)[5].strip() for line in maps if line.count("/")}
    except OSError:
        return [f"{folder}/any.so" for folder in _LIBRARIES]
    return [path for path in mapped if ".so" in os.path.basename(path)]


def device_paths() -> list[str]:
    return [path for path in _DEVICES if os.path.exists(path)]


def scratch_beside(paths: Iterable[str]) -> str:
    """Where to mount the scratch of a private root that holds `paths`, so that it hides none of them."""
    listed = list(paths)
    return next(
        place
        for place in _SCRATCHES
        if not any(f"{path}/".startswith(f"{place}/") or place.startswith(f"{path}/") for path in listed)
    )


def enter_private_root(paths: Iterable[str], scratch: str) -> None:
    """Replace this mount namespace's root by one that holds `paths` alone, and an empty folder `scratch`.

    Needs a mount namespace of its own. Raises OSError where the kernel refuses a step.
    """
    kernel.mount("none", "/", "none", kernel.MS_REC | kernel.MS_PRIVATE)
    wanted = [*_with_links(paths), *device_paths()]
    clones = {path: kernel.clone_mount(path) for path in wanted if not os.path.islink(path)}
    modes = {path: os.stat(path).st_mode for path in clones}
    links = {path: os.readlink(path) for path in wanted if os.path.islink(path)}
    base = _BASE
    kernel.mount("none", base, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, _ROOT_SIZE)
    try:
        _furnish(base, clones, modes, links)
        os.makedirs(base + scratch, mode=0o777, exist_ok=True)
        os.chdir(base)
        kernel.pivot_root(".", ".")
    except OSError:
        os.chdir("/")
        kernel.umount(base)
        raise
    finally:
        for fd in clones.values():
            os.close(fd)
    kernel.umount(".")
    os.chdir("/")
    # Nobody writes here any more, whoever owns it; the scratch is a mount of its own.
    read_only = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY
    kernel.mount("none", "/", "none", read_only | kernel.MS_NOSUID | kernel.MS_NODEV)


def _furnish(base: str, clones: dict[str, int], modes: dict[str, int], links: dict[str, str]) -> None:
    for path, fd in clones.items():
        target = base + path
        os.makedirs(os.path.dirname(target), mode=0o755, exist_ok=True)
        if stat.S_ISDIR(modes[path]):
            os.makedirs(target, mode=0o755, exist_ok=True)
        else:
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
        kernel.make_mount_read_only(fd, devices=path in _DEVICES)
        kernel.attach_mount(fd, target)
    for path, points_to in links.items():
        if not os.path.lexists(base + path):
            os.makedirs(os.path.dirname(base + path), mode=0o755, exist_ok=True)
            os.symlink(points_to, base + path)


def _with_links(paths: Iterable[str]) -> list[str]:
    """`paths`, and the symbolic links by which programs know them, such as /lib for /usr/lib."""
    listed = list(paths)
    top = (f"/{name}" for name in os.listdir("/"))
    links = [path for path in top if os.path.islink(path)]
    used = [
        link
        for link in links
        if any(path.startswith(os.path.realpath(link) + "/") or path == os.path.realpath(link) for path in listed)
    ]
    prefixes = {os.path.abspath(prefix) for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix)}
    return listed + used + [prefix for prefix in prefixes if os.path.islink(prefix)]


def mount_scratch(scratch: str, megabytes: int) -> None:
    """A fresh, empty, size-limited folder for one room's files. Replaces the one before."""
    try:
        kernel.umount(scratch)
    except OSError:
        pass  # The first one: nothing is mounted there yet.
    kernel.mount(
        "none",
        scratch,
        "tmpfs",
        kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC,
        f"size={megabytes}m,nr_inodes=4096,mode=1777",
    )


def _enter(ground: Ground) -> None:
    if os.geteuid() != 0 and not ground.has("user-namespace"):
        raise OSError("needs user-namespace")
    kernel.unshare(kernel.CLONE_NEWNS)
    enter_private_root(ground.readable, ground.place)
    mount_scratch(ground.place, Limits().scratch_mb)
    ground.scratch.lies_at(ground.place)


WALL = Wall(
    name="private-files",
    around_all=_enter,
    root_first=True,
    attempt="os.stat('/etc/passwd')",
    breach="a file of the machine was found",
    opens="files outside are hidden by Landlock alone",
    repair="needs user-namespace and Linux 5.12",
    keeps={Promise.FILES: ALONE},
)
