"""What `get_ipython()` returns: it writes and runs files in the room's scratch, and runs no command."""

from __future__ import annotations

import builtins
import os
import shlex
import sys
from typing import Any

from grader.sandbox.standins.helpers import RunFile

_RUNS = ("run", "load", "loadpy")


class Shell:
    """IPython's shell, as far as a file can tell."""

    def __init__(self, namespace: dict[str, Any], scratch: str, run: RunFile) -> None:
        self.user_ns = namespace
        self.ran: set[str] = set()
        """Files that were found and run, as they were named."""
        self.written: dict[str, str] = {}
        """Files that the submission has written by a cell magic, with what is in them."""
        self._scratch = scratch
        self._run_file = run

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()

    def __repr__(self) -> str:
        return "<IPython's shell: no command is run here>"

    def run_line_magic(self, name: str, line: str = "", *args: Any, **kwargs: Any) -> None:
        """`%run` and `%load` of a file that is here; nothing for any other magic."""
        if name in _RUNS:
            self._run(line)

    def run_cell_magic(self, name: str, line: str = "", cell: str = "") -> None:
        """`%%writefile`; nothing for any other magic."""
        if name in ("writefile", "file"):
            self._write(line, cell)

    def magic(self, line: str = "", *args: Any, **kwargs: Any) -> None:
        name, _, words = line.lstrip("%").partition(" ")
        self.run_line_magic(name, words)

    def system(self, *args: Any, **kwargs: Any) -> None: ...

    def getoutput(self, *args: Any, **kwargs: Any) -> list[str]:
        return []

    def _path(self, line: str) -> str:
        names = [word for word in shlex.split(line) if not word.startswith("-")]
        return names[0] if names else ""

    def _write(self, line: str, content: str) -> None:
        name = self._path(line)
        path = os.path.join(self._scratch, name)
        more = "-a" in line.split()
        self.written[name] = self.written.get(name, "") * more + content
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "a" if more else "w", encoding="utf-8") as file:
            file.write(content)
        # Written anew, it is imported anew.
        sys.modules.pop(name.removesuffix(".py"), None)

    def _run(self, line: str) -> None:
        name = self._path(line)
        path = os.path.join(self._scratch, name)
        if not name or not os.path.isfile(path):
            return
        with open(path, "rb") as file:
            content = file.read()
        self.ran.add(name)
        self._run_file(name, content, self.user_ns)


class _Nothing:
    """Whatever somebody asks of it is another one of its kind, and does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self


def install(namespace: dict[str, Any], scratch: str, run: RunFile, *, imported: bool) -> Shell:
    """Have `get_ipython()` return a shell for this namespace. `imported` is whether a file imports it from IPython."""
    if imported:
        import IPython.core.getipython  # noqa: F401 (to be changed below)
    shell = Shell(namespace, scratch, run)
    builtins.get_ipython = lambda: shell  # type: ignore[attr-defined]
    for name in ("IPython", "IPython.core.getipython"):
        if name in sys.modules:
            sys.modules[name].get_ipython = builtins.get_ipython  # type: ignore[attr-defined]
    return shell
