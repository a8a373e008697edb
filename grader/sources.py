"""Digests of the grader's own sources: after an update, what it touches is made again, and nothing else.

A version number is not enough: between two releases, and in an author's own tree, it stays while the code changes.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from importlib import resources
from importlib.resources.abc import Traversable

GRADING = (
    "errors.py", "common", "text.py", "model.py", "problem", "data", "sandbox", "jobs.py", "checking", "bench.py",
    "tiers.py", "scoring.py", "grade.py",
)  # fmt: skip
"""What a grade is made by, and a known answer's replies."""
PUBLISHING = ("common", "text.py", "model.py", "intake", "reports", "exports", "batch")
"""What pages and tables are made by, with the templates."""


@functools.cache
def grading() -> str:
    """The digest of all that can change a grade of the same submission."""
    package = resources.files("grader")
    return _digest(package.joinpath(name) for name in GRADING)


@functools.cache
def publishing() -> str:
    """The digest of all that can change a page or a table of the same grades."""
    package = resources.files("grader")
    return _digest([*(package.joinpath(name) for name in PUBLISHING), resources.files("grader.templates")])


def on_disk() -> str:
    """The digest of the whole package as it lies there now: another than it was once this process has been updated."""
    return _digest([resources.files("grader"), resources.files("grader.templates")])


def _digest(parts: Iterable[Traversable]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        _add(digest, part, part.name)
    return digest.hexdigest()[:16]


def is_a_cache(name: str) -> bool:
    """Whether a file or folder of this name beside sources was left there by a tool, such as ``.pytest_cache``."""
    return name == "__pycache__" or name.startswith(".")


def _add(digest: hashlib._Hash, part: Traversable, name: str) -> None:
    if part.is_dir():
        for inner in sorted(part.iterdir(), key=lambda inner: inner.name):
            if not is_a_cache(inner.name):
                _add(digest, inner, f"{name}/{inner.name}")
        return
    content = part.read_bytes()
    digest.update(b"%d %s %d " % (len(name), name.encode(), len(content)) + content)
