"""Keeping what is found out about misconceptions beside a problem's solution, so that no student waits for it."""

from __future__ import annotations

from pathlib import Path

from grader.bench import Bench
from grader.common.atomic import replace_file
from grader.model import Problem


def keep_known_answers(problem: Problem, bench: Bench) -> str:
    """Find out what the misconceptions reply, and write it where the course's file says something else.

    Returns a sentence about what was written, or could not be; nothing where the file holds just that.
    """
    known = bench.known_answers(problem, anew=True)
    return keep(problem, known.name, known.content)


def keep(problem: Problem, name: str, content: bytes) -> str:
    """Write a file beside the solution, if there is anything to write; a sentence about it."""
    if not content or problem.solution_folder is None:
        return ""
    said = f"solutions/{problem.slug}/{name}"
    try:
        replace_file(Path(problem.solution_folder) / name, content)
    except OSError as error:
        return f"{said} cannot be written: {error.strerror}; a first wrong answer takes seconds longer without it"
    return f"{said}: written; keep it with the solutions"
