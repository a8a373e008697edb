"""Reading what a batch left behind: ``results.jsonl`` and ``students.json``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import UsageError
from grader.exports.model import Asked, Gradebook, Person, Result
from grader.intake.folding import natural
from grader.intake.model import Student
from grader.model import SCHEMA_VERSION, Problem
from grader.reports.wording import counted

RESULTS = "results.jsonl"
STUDENTS = "students.json"


class Listed(Student, frozen=True):
    """A student as ``students.json`` holds one."""

    remarks: Mapping[str, str] = {}
    """Problem -> why there is no result; under the empty name, what concerns all of them."""


def students_to_json(students: Sequence[Student], remarks: Mapping[str, Mapping[str, str]] | None = None) -> bytes:
    """``students.json``: a list of ``{id, name, late, sis_id, login, email}``, and what else is known: ``section``,
    ``tutor``, ``remarks``."""
    listed: list[dict[str, Any]] = [msgspec.to_builtins(student) for student in students]
    for student in listed:
        for name in ("section", "tutor"):
            if not student[name]:
                del student[name]
        if found := (remarks or {}).get(student["id"]):
            student["remarks"] = found
    return msgspec.json.format(msgspec.json.encode(listed), indent=1) + b"\n"


def students_from_json(content: bytes) -> tuple[Listed, ...]:
    """The students of a ``students.json``.

    Raises:
        msgspec.DecodeError: if it is damaged.
    """
    return msgspec.json.decode(content, type=tuple[Listed, ...])


def read_gradebook(directory: Path, problems: Sequence[Problem] = (), *, capped: bool = False) -> Gradebook:
    """Read a batch's directory.

    Args:
        directory: what ``--out`` of ``grade batch`` was.
        problems: the course's, for their titles; a slug serves where one is missing.
        capped: whether points beyond full marks only make up for lost ones.

    Raises:
        UsageError: if there are no results in `directory`, or a newer version wrote them.
    """
    if not directory.is_dir():
        raise UsageError(f"there is no folder {directory}", hint="give the folder that grade batch wrote to")
    notes: list[str] = []
    results = _read_results(directory, notes)
    students = _read_students(directory, results, notes)
    titles = {problem.slug: problem.title for problem in problems}
    points: dict[str, float] = {}
    by_student: dict[str, dict[str, Result]] = {student.id: {} for student in students}
    for result in results:
        points[result.problem] = max(points.get(result.problem, 0.0), result.max_score)
        # A later line replaces an earlier one: so a regraded submission appears.
        by_student[result.student or result.submission][result.problem] = result
    asked = tuple(Asked(slug, titles.get(slug) or _spoken(slug), points[slug]) for slug in sorted(points, key=natural))
    people = tuple(Person(student, by_student[student.id], student.remarks) for student in students)
    waiting = sum(bool(result.waiting) for each in by_student.values() for result in each.values())
    if waiting:
        waits = counted(waiting, "answer waits", "answers wait")
        notes.append(f"{waits} to be graded by hand: no score of theirs is handed on, and no total that has it")
    return Gradebook(asked, people, tuple(notes), capped)


def _read_results(directory: Path, notes: list[str]) -> list[Result]:
    path = directory / RESULTS
    if not path.is_file():
        hint = "Run grade batch first; its --out is the folder to give here."
        raise UsageError(f"{directory} holds no {RESULTS}", hint=hint)
    decoder = msgspec.json.Decoder(Result)
    results = []
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                result = decoder.decode(line)
            except msgspec.DecodeError as error:
                if line.endswith(b"\n"):
                    raise UsageError(f"{path}, line {number}: {error}", hint="Run grade batch again.") from error
                notes.append(f"{RESULTS} ends in the middle of a line, as after a crash; that line is left out")
                continue
            if result.schema > SCHEMA_VERSION:
                raise UsageError(f"{path} was written by a newer version of the grader", hint="Upgrade this one.")
            results.append(result)
    return results


def _read_students(directory: Path, results: Sequence[Result], notes: list[str]) -> list[Listed]:
    """The students, with those added whom only a result knows."""
    path = directory / STUDENTS
    students: list[Listed] = []
    if path.is_file():
        try:
            students += students_from_json(path.read_bytes())
        except msgspec.DecodeError as error:
            raise UsageError(f"{path}: {error}", hint="Run grade batch again.") from error
    else:
        notes.append(f"there is no {STUDENTS}: students are known by their ids alone")
    known = {student.id for student in students}
    for result in results:
        identity = result.student or result.submission
        if identity not in known:
            known.add(identity)
            students.append(Listed(identity, identity))
    return sorted(students, key=lambda student: (natural(student.id), student.id))


def _spoken(slug: str) -> str:
    """A title where none is known: ``02-conv-bias`` is Conv bias."""
    words: Any = slug.partition("-")[2].replace("-", " ") or slug
    return f"{words[:1].upper()}{words[1:]}"
