"""The work in a notebook from inside its kernel: the cells run so far, or the file as it is saved."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.intake.single import unsaved_submission
from grader.model import Problem, Submission
from grader.sandbox.loading.notebook import HISTORY

_NAME = "notebook.ipynb"
_SHOWN = "the cells run so far"


def cells_run(shell: Any, problem: Problem) -> Submission:
    """Everything that the kernel has run since it was started, in that order, as one submission.

    Raises `UsageError` where that defines none of the functions that the problem asks for.
    """
    if not any(name in shell.user_ns for name in problem.names):
        raise UsageError(
            f"this notebook has not defined {' or '.join(problem.names)} yet",
            hint=f"Run the cells that do, or grade the file as it is saved: %grade {problem.number} --saved",
        )
    content = as_notebook(shell.history_manager.input_hist_raw)
    return unsaved_submission(_SHOWN, _NAME, content, Path.cwd())


def as_notebook(inputs: Sequence[str]) -> bytes:
    """IPython's list of inputs, whose index is the number in ``In [7]``, as a notebook for the room."""
    cells = [
        {"cell_type": "code", "execution_count": number, "metadata": {}, "outputs": [], "source": source}
        for number, source in enumerate(inputs)
        if source.strip()
    ]
    return json.dumps({"cells": cells, "metadata": {HISTORY: True}, "nbformat": 4, "nbformat_minor": 5}).encode()


def place(shell: Any, problem: Problem, named: str | None) -> Path:
    """The file to grade: `named`, or with an empty name the notebook's own; for None, where the cells run so far stand.

    Raises `UsageError` where the notebook's own cannot be told.
    """
    if named is None:
        return Path.cwd() / _NAME
    own = [Path(named)] if named else [path for path in _own_files(shell, problem) if path.is_file()]
    if own:
        return own[0]
    raise UsageError(
        "which file this notebook is saved in cannot be told here",
        hint=f"Name it: %grade {problem.number} --saved my-notebook.ipynb",
    )


def _own_files(shell: Any, problem: Problem) -> list[Path]:
    """Where this notebook may be saved: what VS Code and Jupyter tell a kernel, then the problem's own place."""
    told = (shell.user_ns.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME"))
    paths = [Path(path) for path in told if isinstance(path, str) and path.endswith(".ipynb")]
    return [*paths, Path(problem.folder) / "submission.ipynb"]
