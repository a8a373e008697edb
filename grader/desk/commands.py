"""The `grade` command, run for the desk: whatever it changes is changed by the command, and said in its words."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec

_MOST_SAID = 4000
_TYPED = ("Usage: ", "Try 'python")


class CommandRan(msgspec.Struct, frozen=True):
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def well(self) -> bool:
        return self.code in (0, 1)

    @property
    def told(self) -> str:
        """All it said, without its name before an error, and without how to type it."""
        lines = [line.removeprefix("grade: ").removeprefix("Error: ").strip() for line in self._lines]
        return "\n".join(line for line in lines if line and not line.startswith(_TYPED))[-_MOST_SAID:]

    @property
    def _lines(self) -> list[str]:
        return [*self.out.splitlines(), *self.err.splitlines()]


class Commands:
    """Runs commands in a course's folder, one after another."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._turn = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()

    def run(self, *words: str) -> CommandRan:
        """Run ``grade`` with `words`, after those that run already."""
        with self._turn:
            # -P: what lies in the course's folder is not imported. No terminal: it tells nothing in colours.
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "grader", *words],
                cwd=self._root,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                env={**os.environ, "COLUMNS": "160", "NO_COLOR": "1"},
            )
            self._running.add(process)
            try:
                out, err = process.communicate()
            finally:
                self._running.discard(process)
            return CommandRan(process.returncode, out, err)

    def stop(self) -> None:
        """End what runs: each command leaves what it has done in order, whenever it ends."""
        for process in list(self._running):
            process.terminate()


def option(name: str, value: str) -> str:
    """An option as one word, so that no value is taken for another option."""
    return f"--{name}={value}"


def positional(*words: str | Path) -> Sequence[str]:
    """Words after which there are no options."""
    return ["--", *map(str, words)]
