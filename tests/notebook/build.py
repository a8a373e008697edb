"""Notebooks written for one test."""

from __future__ import annotations

import ast
import json
from typing import Any


def notebook(*code: str, version: int = 4, metadata: dict[str, Any] | None = None, outputs: Any = ()) -> bytes:
    """A notebook of one text cell and these code cells, as Jupyter saves it."""
    text = {"cell_type": "markdown", "metadata": {}, "source": ["# My answer\n", "def not_code(): ..."]}
    if version == 3:
        cells = [text, *(_cell_3(source) for source in code)]
        document = {"worksheets": [{"cells": cells, "metadata": {}}], "metadata": {"name": ""}, "nbformat": 3}
        return json.dumps({**document, "nbformat_minor": 0}).encode()
    cells = [text, *(_cell_4(source, outputs) for source in code)]
    document = {"cells": cells, "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, indent=1).encode()


def _cell_4(source: str, outputs: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": list(outputs),
        "source": source.splitlines(keepends=True),
    }


def _cell_3(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "collapsed": False,
        "input": source.splitlines(keepends=True),
        "language": "python",
        "metadata": {},
        "outputs": [{"output_type": "stream", "stream": "stdout", "text": ["hello\n"]}],
        "prompt_number": 1,
    }


def cells_of(script: str) -> list[str]:
    """A script as the cells of a notebook: each statement at its top level is one."""
    lines = script.splitlines()
    starts = [0]
    for node in ast.parse(script).body[1:]:
        first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        starts.append(first - 1)
    return ["\n".join(lines[begin:end]) for begin, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
