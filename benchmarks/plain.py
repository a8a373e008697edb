"""The checks of a problem without the grader: student code in the same process, called directly.

As a pytest plugin (``python -m pytest -p benchmarks.plain --submission FILE CHECKS``) this is how exercises are graded
without one. As a program (``python -m benchmarks.plain PROBLEM FILE...``) it is the bare floor: torch is imported once,
and for each submission a process is forked that runs it and the same comparisons, and exits. No sandbox, no pytest
around a check, no report, nothing kept; the submission could read the answers, and may end the grader.
"""

from __future__ import annotations

import builtins
import functools
import importlib
import importlib.util
import inspect
import os
import sys
import types
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

import grader.checking
from grader.checking.fixtures import Draw

# What lives in the room elsewhere is simply here.
grader.checking.kept = lambda function: function  # type: ignore[assignment,return-value]
grader.checking.fetch = lambda value, *more: (value, *more) if more else value
torch.set_num_threads(1)


class Library:
    """The names that a check finds in the room: here, those of this process."""

    def __getattr__(self, name: str) -> Any:
        return getattr(builtins, name) if hasattr(builtins, name) else importlib.import_module(name)

    def put(self, value: Any) -> Any:
        """The value itself."""
        return value

    def define(self, source: str) -> types.SimpleNamespace:
        """A snippet's names."""
        names: dict[str, Any] = {"torch": torch, "nn": torch.nn}
        exec(source, names)
        return types.SimpleNamespace(**names)


def load(path: Path, name: str) -> types.ModuleType:
    """A Python file as a module."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def solution_of(checks: Path) -> types.ModuleType:
    """The reference of the problem that ``checks`` belongs to."""
    slug = checks.resolve().parent.name
    return load(checks.resolve().parents[2] / "solutions" / slug / "solution.py", "reference")


def values(check: str, submission: types.ModuleType, reference: types.ModuleType) -> dict[str, Any]:
    """What the fixtures of a check give."""
    return {
        "submission": submission,
        "reference": reference,
        "library": Library(),
        "draw": Draw(zlib.crc32(check.encode())),
    }


def checks_of(problem: Path) -> list[tuple[str, Any]]:
    """Name and function of each check, in the order of the files, two of which may use the same name."""
    checks = []
    for file in sorted((problem / "checks").glob("test_*.py")):
        module = load(file, file.stem)
        checks += [(f"{file.stem}__{name}", item) for name, item in vars(module).items() if name.startswith("test_")]
    return checks


def call(name: str, check: Any, submission: types.ModuleType, reference: types.ModuleType) -> None:
    """Call a check. Raises what it raises."""
    given = values(name, submission, reference)
    check(**{parameter: given[parameter] for parameter in inspect.signature(check).parameters})


@functools.cache
def _problem(slug: str) -> tuple[dict[str, Any], types.ModuleType]:
    folder = Path(__file__).resolve().parent.parent / "problems" / slug
    return dict(checks_of(folder)), solution_of(folder / "checks")


def run_check(slug: str, name: str, names: Mapping[str, Any]) -> None:
    """Call one check of a problem about the names of a submission: a test of another grader. Raises what it raises."""
    checks, reference = _problem(slug)
    submission = types.ModuleType("submission")
    vars(submission).update(names)
    call(name, checks[name], submission, reference)


# -- as a plugin -----------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """The submission is an option."""
    parser.addoption("--submission", type=Path)


def pytest_configure(config: pytest.Config) -> None:
    """The marks that checks carry."""
    for mark in ("points(n)", "public", "hint(text)", "idea(text)", "unrecognised"):
        config.addinivalue_line("markers", mark)


@pytest.fixture(scope="session")
def submission(request: pytest.FixtureRequest) -> types.ModuleType:
    """The student's module, imported into this very process."""
    return load(request.config.getoption("--submission"), "submission")


@pytest.fixture(scope="session")
def reference(request: pytest.FixtureRequest) -> types.ModuleType:
    """The solution."""
    return solution_of(Path(request.config.args[0]))


@pytest.fixture
def library() -> Library:
    """Names."""
    return Library()


@pytest.fixture
def draw(request: pytest.FixtureRequest) -> Draw:
    """Random inputs."""
    return Draw(zlib.crc32(request.node.name.encode()))


# -- as a program ----------------------------------------------------------------------------------


def main(problem: Path, submissions: list[Path]) -> None:
    """Fork for each submission, one after another."""
    reference = solution_of(problem / "checks")
    checks = checks_of(problem)
    for path in submissions:
        pid = os.fork()
        if pid == 0:
            _run(path, checks, reference)
        os.waitpid(pid, 0)


def _run(path: Path, checks: list[tuple[str, Any]], reference: types.ModuleType) -> None:
    """In the fork: the submission, all checks, the end."""
    code = 1
    try:
        student = load(path, "submission")
        for name, check in checks:
            try:
                call(name, check, student, reference)
            except Exception:
                continue
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(argument) for argument in sys.argv[2:]])
