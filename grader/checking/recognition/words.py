"""A misconception in words: its file's docstring."""

from __future__ import annotations

import ast
import functools
import inspect
from pathlib import Path

from grader.model import Misconception


@functools.cache
def in_words(path: Path) -> Misconception:
    """Title and advice of the misconception in this file: its docstring's first line, and the rest."""
    source = path.read_text(encoding="utf-8")
    words = inspect.cleandoc(ast.get_docstring(ast.parse(source)) or path.stem)
    title, _, advice = words.partition("\n")
    return Misconception(path.stem, title.strip().rstrip("."), " ".join(advice.split()))
