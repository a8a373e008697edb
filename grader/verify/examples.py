"""Running a statement's examples, with the reference's functions in their namespace.

`main` is an entry point for the stem: examples are the author's code, and torch is imported there already.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import socket
import sys
import traceback
from pathlib import Path

import msgspec

_FENCE = re.compile(r"^```python[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


class Examples(msgspec.Struct, frozen=True):
    """What is to be run: a statement's text and the solution whose functions it uses."""

    text: str
    solution: str
    folder: str
    """Where the solution finds the problem's files."""


def main(driver: socket.socket, control: socket.socket) -> None:
    """Answer one statement with the list of what is wrong with its examples."""
    control.close()
    message = b""
    while piece := driver.recv(1 << 16):
        message += piece
    statement = msgspec.msgpack.decode(message, type=Examples)
    os.chdir(statement.folder)
    sys.path.insert(0, statement.folder)
    broken = broken_examples(statement.text, Path(statement.solution), Path(statement.folder))
    driver.sendall(msgspec.msgpack.encode(broken))
    driver.shutdown(socket.SHUT_WR)


def broken_examples(text: str, solution: Path, beside: Path) -> list[str]:
    """One line for each fenced Python block that raises, or whose printed results are others.

    The solution runs as if it lay in the folder `beside`.
    """
    namespace: dict[str, object] = {"__name__": "reference", "__file__": str(beside / solution.name)}
    exec(compile(solution.read_bytes(), str(solution), "exec"), namespace)
    broken = []
    for number, match in enumerate(_FENCE.finditer(text), start=1):
        line = text[: match.start()].count("\n") + 2
        problem = _run(match.group(1), namespace, line)
        if problem:
            broken.append(f"example {number} (line {line}): {problem}")
    return broken


def _run(block: str, namespace: dict[str, object], line: int) -> str:
    if ">>>" not in block:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(block, f"statement.md:{line}", "exec"), namespace)
        except Exception as error:
            return traceback.format_exception_only(error)[-1].strip()
        return ""
    example = doctest.DocTestParser().get_doctest(block, namespace, "statement.md", "statement.md", line)
    report = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE, verbose=False)
    runner.run(example, out=report.write, clear_globs=False)
    namespace.update(example.globs)
    if not runner.failures:
        return ""
    told = report.getvalue()
    return " ".join(told[told.index("Failed example:") :].split())[:300]
