"""A misconception in words: its file's docstring."""

from __future__ import annotations

import ast
import functools
import inspect
import tokenize
from pathlib import Path

from grader.model import Misconception

_BEFORE_IT = frozenset({tokenize.ENCODING, tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE})


@functools.cache
def in_words(path: Path) -> Misconception:
    """Title and advice of the misconception in this file: its docstring's first line, and the rest."""
    words = inspect.cleandoc(_docstring(path) or path.stem)
    title, _, advice = words.partition("\n")
    return Misconception(path.stem, title.strip().rstrip("."), " ".join(advice.split()))


def _docstring(path: Path) -> str:
    """A file's docstring, read without the rest; empty where it has none."""
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.STRING:
                text = ast.literal_eval(token.string)
                return text if isinstance(text, str) else ""
            if token.type not in _BEFORE_IT:
                return ""
    return ""
