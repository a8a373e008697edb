"""Whatever one student hands in: it is read or refused, told in a few lines, and likened in bounded time."""

from __future__ import annotations

import time

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.batch.tokens import shape_of
from grader.errors import UsageError
from grader.intake.allowance import MOST_NOTICES
from grader.intake.answers import Matcher
from grader.intake.content import suffix
from grader.intake.evidence import Judge
from grader.intake.files import Refused, too_large
from grader.intake.folding import printable
from grader.intake.handin import Handin
from grader.intake.model import Student
from grader.intake.naming import Names
from grader.intake.roster import read_roster
from grader.intake.tree import Entry
from tests.intake.conftest import COURSE
from tests.intake.strategies import contents, handins, sources

FEW = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
LIMIT = 100_000
SECONDS = 10.0


def entry(name: str, content: bytes) -> Entry:
    """A file as a folder would list it."""

    def fetch(limit: int) -> bytes:
        if len(content) > limit:
            raise too_large(len(content), limit)
        return content

    parts = tuple(printable(part) for part in name.split("/") if part.strip(". ")) or ("x",)
    return Entry(parts, "eve/" + "/".join(parts), len(content), fetch)


def read(files: dict[str, bytes]) -> None:
    """One student's files through all that reads them; any exception is a find."""
    student = Student("eve", "Eve")
    names = Names(COURSE)
    matcher = Matcher(COURSE, names, Judge(COURSE, names), LIMIT)
    started = time.process_time()
    entries = tuple(entry(name, content) for name, content in files.items())
    found = matcher.match(student, [Handin(student, entries, "eve")])
    assert time.process_time() - started < SECONDS
    assert len(found.notices) <= 10 * MOST_NOTICES
    assert len({work.problem for work in found.work}) == len(found.work)
    msgspec.msgpack.encode(found)
    for work in found.work:
        main = work.submission.main
        assert suffix(main.name) in (".py", ".ipynb")
        shape_of(main.name, main.content)


@FEW
@given(handins())
def test_any_handin(files: dict[str, bytes]) -> None:
    read(files)


@FEW
@given(st.sampled_from(["x.py", "x.ipynb"]), st.one_of(sources, contents))
def test_any_source_has_a_shape(name: str, content: bytes) -> None:
    started = time.process_time()
    shape_of(name, content)
    assert time.process_time() - started < SECONDS


@FEW
@given(st.one_of(sources, contents))
def test_any_roster_is_read_or_refused(content: bytes) -> None:
    try:
        read_roster(content, "roster.csv")
    except (UsageError, Refused):
        return
