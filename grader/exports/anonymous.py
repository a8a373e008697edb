"""A class's results without anybody in them: for a lecture, a report, a colleague.

Students get random numbers, anew each time: neither the order nor another export tells who is who. All text
that a student, a file's name or a person's reason may have put there is left out; points, outcomes and the course's own
titles stay. In a small class a pattern of points may still tell; see docs/privacy.md.
"""

from __future__ import annotations

import secrets

import msgspec

from grader.exports.model import NOTHING, Gradebook, Person, Result
from grader.intake.model import Student
from grader.model import RulingKind

_CANNOT = "handed in, but could not be graded"


def without_names(gradebook: Gradebook) -> Gradebook:
    """The same results of numbered students."""
    people = list(gradebook.people)
    secrets.SystemRandom().shuffle(people)
    width = len(str(len(people)))
    numbered = tuple(_numbered(person, f"student {place:0{width}}") for place, person in enumerate(people, 1))
    return msgspec.structs.replace(gradebook, people=numbered)


def _numbered(person: Person, name: str) -> Person:
    results = {problem: _result(result, name) for problem, result in person.results.items()}
    remarks = {problem: NOTHING if reason.endswith(NOTHING) else _CANNOT for problem, reason in person.remarks.items()}
    return Person(Student(name, name, person.student.late), results, remarks)


def _result(result: Result, name: str) -> Result:
    checks = tuple(msgspec.structs.replace(check, message="") for check in result.checks)
    rulings = tuple(
        ruling
        if ruling.kind is RulingKind.COURSE
        else msgspec.structs.replace(ruling, because=_because(ruling.kind), by="", when="")
        for ruling in result.rulings
    )
    manual = tuple(msgspec.structs.replace(part, because="", by="", when="") for part in result.manual)
    return msgspec.structs.replace(
        result,
        manual=manual,
        student=name,
        submission="",
        checks=checks,
        stdout="",
        message="",
        notes=(),
        rulings=rulings,
    )


def _because(kind: RulingKind) -> str:
    return "late" if kind is RulingKind.LATE else "adjusted by hand"
