"""What a grade depends on, as the key under which it is filed."""

from __future__ import annotations

import hashlib
import importlib.util
import platform
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from grader import sources
from grader.data import PROVIDERS
from grader.errors import HarnessError
from grader.model import Problem, Submission
from grader.problem.packages import look_up

_VERSION = re.compile(r"""^(?:__version__|version)(?:: *\w+)? *= *['"]([^'"]+)""", re.MULTILINE)


class KeySurroundings(msgspec.Struct, frozen=True):
    """What the grades of a whole run depend on, besides submissions and problems."""

    grader: str
    """Digest of the grader's own sources."""
    libraries: str
    """Digest of what names the versions of Python, hypothesis, numpy and torch, and what they were built for."""
    data: str
    """What the digests of the data sets are that checks use; empty where no problem needs any."""


def surroundings(problems: Sequence[Problem]) -> KeySurroundings:
    """The versions on this machine now. Torch is not imported."""
    return KeySurroundings(sources.grading(), _libraries(problems), _data(problems))


def equipment(problems: Sequence[Problem]) -> dict[str, str]:
    """What `surroundings` are digests of, by names that people know. Torch is not imported."""
    required = dict.fromkeys(text for problem in problems for text in problem.requirements)
    return {
        "torchgrade's own sources": sources.grading(),
        "Python": platform.python_version(),
        "torch": _version_of("torch"),
        "numpy": _version_of("numpy"),
        "the processor's kind": platform.machine(),
        **{str(package.requirement): str(package.installed) for package in look_up(required)},
        "the data sets": _data(problems),
    }


def _version_of(library: str) -> str:
    found = _VERSION.search(_version_file(library))
    return found[1] if found else "?"


def _libraries(problems: Iterable[Problem]) -> str:
    required = dict.fromkeys(text for problem in problems for text in problem.requirements)
    versions = [f"{package.requirement} {package.installed}" for package in look_up(required)]
    own = (_version_file(name) for name in ("hypothesis", "numpy", "torch"))
    return _digest(sys.version, platform.machine(), *own, *versions)


def _version_file(library: str) -> str:
    """The file in which a library names its version, its build and what it was built for."""
    spec = importlib.util.find_spec(library)
    if spec is None or spec.origin is None:
        raise HarnessError(f"{library} is not installed", hint=f"pip install {library}")
    return Path(spec.origin).with_name("version.py").read_text(encoding="utf-8")


def _data(problems: Iterable[Problem]) -> str:
    used = dict.fromkeys(problem.data for problem in problems if problem.data is not None)
    return " ".join(PROVIDERS[name].digest() for name in used)


def content_key(submission: Submission) -> str:
    """The key of a content. The name belongs to it, since messages and tracebacks hold it."""
    kept = ("figures",) if submission.figures else ()
    return _digest(submission.main.name, submission.sha256, *kept)


def grade_key(content: str, problem: Problem, around: KeySurroundings) -> str:
    """The key of the grade of a content for a problem."""
    data = around.data if problem.data is not None else ""
    return _digest(content, problem.slug, problem.version, around.grader, around.libraries, data)


def _digest(*parts: str) -> str:
    return hashlib.sha256(msgspec.msgpack.encode(parts)).hexdigest()[:32]
