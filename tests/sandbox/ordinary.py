"""Run a command as an ordinary user in a process tree where user namespaces are forbidden: the floor's machine.

The limit on user namespaces is itself kept per user namespace, so one is made, in which there may be no other. As
root the ids of the machine are mapped one to one and an ordinary one is taken; otherwise one's own is kept.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.sandbox.walls import kernel

ROOT = Path(__file__).resolve().parent.parent.parent
ORDINARY = 12345
_SECONDS = 900


def run_where_namespaces_are_forbidden(
    command: Sequence[str], home: Path, *, as_root: bool = False
) -> subprocess.CompletedProcess[str]:
    """The command's output; `home` becomes its home and the folder that it may write to.

    `as_root` leaves it root, with all of root's powers but that to make user namespaces.
    """
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(ROOT),
    }
    if as_root:
        environment["STAY_ROOT"] = "1"
    elif os.geteuid() == 0:
        os.chown(home, ORDINARY, ORDINARY)
    return subprocess.run(
        [sys.executable, "-m", "tests.sandbox.ordinary", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )


def _become_ordinary() -> None:
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        kernel.unshare(kernel.CLONE_NEWNS)
        kernel.mount("none", "/", "none", kernel.MS_REC | kernel.MS_PRIVATE)
        _open_the_way_to(os.path.realpath(sys.base_prefix))
    ready, go = os.pipe(), os.pipe()
    writer = os.fork()
    if writer == 0:
        # Maps of more than one id are written from outside.
        os.read(ready[0], 1)
        parent = os.getppid()
        if uid != 0:
            Path(f"/proc/{parent}/setgroups").write_text("deny")
        span = "0 0 65536" if uid == 0 else f"{uid} {uid} 1"
        Path(f"/proc/{parent}/uid_map").write_text(span)
        Path(f"/proc/{parent}/gid_map").write_text(span if uid == 0 else f"{gid} {gid} 1")
        os.write(go[1], b"x")
        os._exit(0)
    kernel.unshare(kernel.CLONE_NEWUSER)
    os.write(ready[1], b"x")
    os.read(go[0], 1)
    os.waitpid(writer, 0)
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    if os.environ.pop("STAY_ROOT", ""):
        return
    if uid == 0:
        os.setgroups([])
        os.setresgid(ORDINARY, ORDINARY, ORDINARY)
        os.setresuid(ORDINARY, ORDINARY, ORDINARY)
    else:
        kernel.drop_capabilities()


def _open_the_way_to(folder: str) -> None:
    """Where the interpreter lies in a folder that only root may enter, lay a way to it over that folder."""
    closed = [parent for parent in reversed(Path(folder).parents) if not parent.stat().st_mode & 0o001]
    if closed:
        interpreter = kernel.clone_mount(folder)
        kernel.mount("none", str(closed[0]), "tmpfs", kernel.MS_NOSUID, "mode=755")
        os.makedirs(folder)
        kernel.attach_mount(interpreter, folder)


if __name__ == "__main__":
    _become_ordinary()
    os.execvp(sys.argv[1], sys.argv[1:])
