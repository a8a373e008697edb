"""A misconception with a parameter: the same mistake, made with one of several values.

A file that says ``VALUES = (32, 64, 100)`` stands for as many wrong answers: in each of them ``VALUE`` is one of the
values, for its functions to read when they are called. Which value a student has chosen does not matter for what is
told. The variants are named after the file, ``fixed_batch_size``, ``fixed_batch_size@1``, ``fixed_batch_size@2``, and
so are their paths: no file lies there, `source` knows what it would hold.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.errors import ProblemFileError

_BETWEEN = "@"


def paths(solutions: Path) -> Iterator[Path]:
    """A path for each variant of each misconception of a problem's folder of solutions."""
    for path in sorted((solutions / "misconceptions").glob("*.py")):
        yield path
        for number in range(1, len(_values(path))):
            yield path.with_name(f"{path.stem}{_BETWEEN}{number}.py")


def source(path: Path) -> bytes:
    """What stands in a file of solutions/, or would stand there for a variant."""
    stem, _, number = path.stem.partition(_BETWEEN)
    file = path.with_name(f"{stem}.py")
    values = _values(file)
    if not values:
        return file.read_bytes()
    return file.read_bytes() + f"\n\nVALUE = {values[int(number or 0)]!r}\n".encode()


def misconception_of(name: str) -> str:
    """The id of the misconception of which `name` is a variant."""
    return name.partition(_BETWEEN)[0]


@functools.cache
def _values(path: Path) -> tuple[Any, ...]:
    """What the file says its VALUES are; none where it says nothing."""
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["VALUES"]:
            try:
                values = ast.literal_eval(node.value)
            except ValueError:
                values = None
            if not isinstance(values, tuple) or len(values) < 2:
                raise ProblemFileError(f"{path}, line {node.lineno}: VALUES must be a tuple of two literals or more")
            return values
    return ()
