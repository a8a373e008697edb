"""A problem's folder as a `Problem`."""

from __future__ import annotations

import ast
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from grader.common.suggest import did_you_mean
from grader.errors import ProblemFileError
from grader.model import Problem
from grader.problem.courserules import CourseRules
from grader.problem.given import given_paths
from grader.problem.schema import read_problem_file, rules_by_function
from grader.sources import is_a_cache

RECORDED = "reference.answers"
"""In a student kit, beside problem.yaml: what the reference answers to the public checks."""

WITNESSES = "witnesses.answers"
"""Beside a solution: for each misconception an input that shows it."""

SEALED = "mistakes.sealed"
"""In a kit as well: tells which mistake is behind a wrong answer; only who has made the mistake can read it."""

_MAY_BE_NONE = re.compile(r"\b(None|Optional|Any|object)\b")
_STUDENTS_OWN = {"submission.py", "submission.ipynb"}
# Made from the other files: see `known_answers_name`.
_MADE = re.compile(r"(known(-\w+)?|witnesses)\.answers")


def known_answers_name(data: str | None) -> str:
    """Beside a solution: what the misconceptions reply to the checks, with this data set."""
    return f"known-{data}.answers" if data else "known.answers"


_NO_RULES = CourseRules()


def load_problem(folder: Path, solutions: Path | None, rules: CourseRules = _NO_RULES) -> Problem:
    """Read problem.yaml and stub.py. `solutions` is the course's folder of solutions, if it has one.

    What `rules` say of packages holds besides what problem.yaml says.
    """
    parsed = read_problem_file(folder / "problem.yaml")
    stub = _parsed_stub(folder / "stub.py")
    names = _names(stub)
    for function in parsed.forbidden:
        if function not in names:
            raise ProblemFileError(
                f"{folder / 'problem.yaml'}: forbidden.{function}: stub.py defines no such function; "
                f"{did_you_mean(function, names)}"
            )
    solution = solutions / folder.name if solutions is not None else None
    if solution is not None and not solution.is_dir():
        solution = None
    if parsed.hidden is not None and solution is not None:
        raise ProblemFileError(
            f"{folder / 'problem.yaml'}: hidden: only a student kit has this key, and this problem has a solution"
        )
    return Problem(
        slug=folder.name,
        folder=str(folder),
        solution_folder=str(solution) if solution is not None else None,
        title=parsed.title,
        summary=parsed.summary,
        points=parsed.points,
        limits=parsed.limits,
        forbidden=rules_by_function(parsed),
        names=names,
        returning=_returning(stub),
        objects=_objects(stub),
        data=parsed.data,
        version=_version([folder, *([solution] if solution is not None else [])], rules),
        hidden=parsed.hidden,
        files=given_paths(folder, parsed.files, parsed.limits),
        requirements=_together(rules.requirements, parsed.requirements),
        preload=_together(rules.preload, parsed.preload),
        counterexamples=rules.counterexamples,
        bonus=parsed.bonus,
        manual=parsed.manual,
    )


def read_statement(problem: Problem) -> str | None:
    """The problem's statement; None where it has none."""
    path = Path(problem.folder) / "statement.md"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def stub_names(path: Path) -> tuple[str, ...]:
    """Top-level functions and classes of a stub, in order."""
    return _names(_parsed_stub(path))


def _parsed_stub(path: Path) -> ast.Module:
    """The stub is the author's: parsing it is safe."""
    try:
        return ast.parse(path.read_bytes(), filename=str(path))
    except FileNotFoundError:
        raise ProblemFileError(f"{path}: there is no such file; a problem needs a stub to start from") from None
    except SyntaxError as error:
        raise ProblemFileError(f"{path}, line {error.lineno}: {error.msg}") from None


def _names(tree: ast.Module) -> tuple[str, ...]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return tuple(node.name for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_"))


def _returning(tree: ast.Module) -> tuple[str, ...]:
    """Functions that return something, as their annotations say."""
    return tuple(
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.returns and not _MAY_BE_NONE.search(ast.unparse(node.returns))
    )


def _objects(tree: ast.Module) -> tuple[str, ...]:
    """Classes that are made from no other."""
    return tuple(
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef) and all(ast.unparse(base) == "object" for base in node.bases)
    )


def _together(first: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *more)))


def _version(folders: list[Path], rules: CourseRules) -> str:
    """Twelve hexadecimal digits that change with any file that can change a grade, and with what the course rules."""
    digest = hashlib.sha256()
    packages = rules.requirements, rules.preload
    if any(packages):
        digest.update(repr(packages).encode())
    if not rules.counterexamples:
        digest.update(b"without counterexamples ")
    for folder in folders:
        for parts, path in sorted(_files_in(str(folder))):
            with open(path, "rb") as file:
                name, content = os.sep.join(parts).encode(), file.read()
            digest.update(b"%d %s %d " % (len(name), name, len(content)) + content)
    return digest.hexdigest()[:12]


def _files_in(folder: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The files of a problem that count, the parts of each from here on, and its path.

    Strings, not `Path`s: every command takes this walk through a course.
    """
    for entry in os.scandir(folder):
        if is_a_cache(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from (((entry.name, *inner), path) for inner, path in _files_in(entry.path))
        elif entry.name not in _STUDENTS_OWN and not _MADE.fullmatch(entry.name) and entry.is_file():
            yield (entry.name,), entry.path
