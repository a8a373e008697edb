"""A room's own folder for files, where it cannot be a file system of its own: watched, and emptied without trust.

What a room leaves behind may be nested deeper than any path is long, unreadable, or full of links. Nothing here
follows a link, descends by recursion, or opens a file.
"""

from __future__ import annotations

import contextlib
import os
import stat

_MOST_ENTRIES = 4096
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


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


def clear(folder: str) -> None:
    """Remove everything below `folder`."""
    top = os.open(folder, _FOLDER)
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
    inner = os.open(name, _FOLDER, dir_fd=top)
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
