"""A room's own folder for files: a file system of its own, or else a folder that is watched, and emptied without trust.

What a room leaves behind may be nested deeper than any path is long, unreadable, or full of links. Nothing here
follows a link, descends by recursion, or opens a file.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable

_MOST_ENTRIES = 4096


class Scratch:
    """The folder that the room may write to, made anew for each.

    One of three: a file system of its own, mounted for each room; a folder in the private root, where root raised that
    and cannot mount any more; a folder of the machine.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.bounded = False
        """Whether it is a file system of its own, which holds no more than the room may write."""
        self._mount: Callable[[str, int], None] | None = None
        self._private = False
        self._megabytes = 0
        self._fresh_times = (0, 0, 0)

    def lies_at(self, folder: str) -> None:
        """It is `folder` of a private root, mounted there already."""
        self.folder = folder
        self._private = True

    def make(self, megabytes: int, mount: Callable[[str, int], None] | None) -> None:
        """The first one. `mount` puts a file system there; None where this process may not, or need not."""
        self._mount, self.bounded, self._megabytes = mount, mount is not None, megabytes
        self._fill()

    def _fill(self) -> None:
        if self._mount is not None:
            self._mount(self.folder, self._megabytes)
        elif not self._private:
            os.mkdir(self.folder, 0o700)
        self._fresh_times = self._times()

    def must_be_renewed(self, megabytes: int) -> bool:
        """Whether the next room cannot have it as it is: it has another size, or the last room may have used it.

        Files that were removed again leave a time or a higher inode number, and a later room could read them like a
        message. No room can set these times back, and none can make a file without moving them (`seccomp` denies
        O_TMPFILE). Where it is no file system of its own, the zygote itself reads it while a room is open.
        """
        return megabytes != self._megabytes or not self.bounded or self._times() != self._fresh_times

    def renew(self, megabytes: int) -> None:
        """Make an empty one for the next room, and throw away unread what the last one has left."""
        self._megabytes = megabytes
        if not self.bounded:
            clear(self.folder)
            if not self._private:
                os.rmdir(self.folder)
        self._fill()

    def _times(self) -> tuple[int, int, int]:
        about = os.stat(self.folder)
        return about.st_atime_ns, about.st_mtime_ns, about.st_ctime_ns


def overflows(folder: str, megabytes: int) -> bool:
    """Whether the files below `folder` take more than `megabytes`, or are too many or too well hidden to be counted."""
    entries, blocks = 0, 0
    pending = [folder]
    try:
        while pending:
            with os.scandir(pending.pop()) as found:
                for entry in found:
                    entries += 1
                    if entries > _MOST_ENTRIES:
                        return True
                    about = entry.stat(follow_symlinks=False)
                    blocks += about.st_blocks
                    if stat.S_ISDIR(about.st_mode):
                        pending.append(entry.path)
    except FileNotFoundError:
        return False  # Taken away while it was counted; the next count sees the rest.
    except OSError:
        return True
    return blocks * 512 > megabytes << 20


def _folder_flags() -> int:
    return os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def clear(folder: str) -> None:
    """Remove everything below `folder`."""
    top = os.open(folder, _folder_flags())
    try:
        while names := os.listdir(top):
            for name in names:
                _take_apart(top, name)
    finally:
        os.close(top)


def _take_apart(top: int, name: str) -> None:
    """Remove one entry of `top`; folders in it become entries of `top` themselves, for the next round."""
    with contextlib.suppress(IsADirectoryError, PermissionError):
        os.unlink(name, dir_fd=top)
        return
    os.chmod(name, 0o700, dir_fd=top)
    inner = os.open(name, _folder_flags(), dir_fd=top)
    try:
        for child in os.listdir(inner):
            try:
                os.unlink(child, dir_fd=inner)
            except (IsADirectoryError, PermissionError):
                # A folder can only be renamed by who may write to it: its parent entry changes.
                os.chmod(child, 0o700, dir_fd=inner)
                os.rename(child, f"{os.urandom(8).hex()}", src_dir_fd=inner, dst_dir_fd=top)
    finally:
        os.close(inner)
    os.rmdir(name, dir_fd=top)
