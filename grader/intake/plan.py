"""A plan: who handed in what for which problem, and why, as a table that may be edited and followed.

    student,name,problem,use,file,as,late,why,sis_id,login,email,handed_in,section,tutor
    jane,Jane Doe,02-conv-bias,answer,jane/02.py,02.py,,the number in its name,,,,,,
    jane,Jane Doe,02-conv-bias,helper,jane/utils.py,utils.py,,the answer asks for it,,,,,,
    jane,Jane Doe,02-conv-bias,,jane/02_old.py,,,is an older answer …,,,,,,

A line with ``answer`` is graded, one with ``helper`` lies beside that student's answer to that problem under the name
in ``as``; every other line says what was not used. A student without a line that says ``answer`` has no answer, and
stays in the class. To join two students give them one id; to move an answer change its student or problem. A plan that
is followed decides everything: nothing is guessed, and what does not exist is an error.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader.errors import UsageError
from grader.intake.csv_files import quoted, read_table, unquoted
from grader.intake.files import Refused, read_regular
from grader.intake.folding import natural
from grader.intake.missing import did_you_mean_path
from grader.intake.model import Intake, NoticeKind, Student

COLUMNS = (
    *("student", "name", "problem", "use", "file", "as", "late", "why", "sis_id", "login", "email"),
    *("handed_in", "section", "tutor"),
)
_MARK = ",".join(COLUMNS[:11])
"""How every plan begins; one of an earlier version ends here."""
ANSWER, HELPER = "answer", "helper"
NAME = "plan"
_NEEDED = ("student", "problem", "use", "file")
_MOST = 100_000_000
YES = "yes"


class PlanLine(msgspec.Struct, frozen=True):
    """One file, and what is to become of it; or one student without any."""

    student: str = ""
    name: str = ""
    problem: str = ""
    use: str = ""
    file: str = ""
    placed: str = ""
    """The name under which it lies in the room; the column ``as``."""
    late: str = ""
    why: str = ""
    sis_id: str = ""
    login: str = ""
    email: str = ""
    handed_in: str = ""
    """When, in ISO 8601, where the platform says so: what a deadline is held against."""
    section: str = ""
    tutor: str = ""
    number: int = 0
    """The line's number in the file."""


def plan_lines(intake: Intake, files: Sequence[str] = ()) -> list[PlanLine]:
    """What `intake` comes to, line by line; `files` are all that the source holds, so that none is missing."""
    students = {student.id: student for student in intake.students}
    lines: list[PlanLine] = []
    told: set[str] = set()
    for work in intake.work:
        late = YES if work.late else ""
        main = work.submission.main.name
        answer = _line(students[work.student], work.problem, ANSWER, work.submission.path, main, late, work.why)
        lines.append(msgspec.structs.replace(answer, handed_in=work.handed_in))
        told.add(work.submission.path)
        for path, extra in zip(work.along, work.submission.extra, strict=True):
            why = "the answer asks for it"
            lines.append(_line(students[work.student], work.problem, HELPER, path, extra.name, "", why))
            told.add(path)
    with_lines = {line.student for line in lines}
    without = intake.without_work
    for student in intake.students:
        if student.id not in with_lines:
            lines.append(_line(student, "", "", "", "", YES if student.late else "", without.get(student.id, "")))
    for notice in intake.notices:
        if notice.path not in told or notice.kind not in (NoticeKind.LATE, NoticeKind.NOTE):
            whose = students.get(notice.student or "", Student("", ""))
            lines.append(_line(whose, notice.problem or "", "", notice.path, "", "", notice.reason))
            told.add(notice.path)
    for path in files:
        if path not in told and not any(shown.startswith(f"{path}/") for shown in told):
            why = "is no answer, and no answer asks for it"
            lines.append(_line(Student("", ""), "", "", path, "", "", why))
    return sorted(dict.fromkeys(lines), key=lambda line: (natural(line.student), line.student, not line.use))


def _line(student: Student, problem: str, use: str, file: str, placed: str, late: str, why: str) -> PlanLine:
    known = student.sis_id, student.login, student.email
    line = PlanLine(student.id, student.name, problem, use, file, placed, late, why, *known)
    return msgspec.structs.replace(line, section=student.section, tutor=student.tutor)


def plan_file(lines: Sequence[PlanLine]) -> bytes:
    """The plan as a CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for line in lines:
        cells = msgspec.structs.astuple(line)[: len(COLUMNS)]
        writer.writerow([cell if unquoted(cell) == cell else quoted(cell) for cell in cells])
    # With a mark, or a spreadsheet takes the names for another encoding.
    return text.getvalue().encode("utf-8-sig", "replace")


def is_plan(content: bytes) -> bool:
    """Whether a file is an earlier plan."""
    return content.removeprefix(b"\xef\xbb\xbf").startswith(_MARK.encode())


def read_plan(plan: Path) -> list[PlanLine]:
    """The lines of a plan. Raises UsageError where the file is none."""
    if not plan.exists():
        raise UsageError(f"there is no plan {plan}", hint=did_you_mean_path(plan))
    try:
        table = [list(map(unquoted, row)) for row in read_table(read_regular(plan.resolve(), _MOST)).values()]
    except (Refused, ValueError) as error:
        raise UsageError(f"The plan {plan}: {error}") from error
    heading = [cell.casefold() for cell in table[0]] if table else []
    missing = [name for name in _NEEDED if name not in heading]
    if missing:
        raise UsageError(f"{plan}, line 1: there is no column {missing[0]!r}", hint="grade batch --plan writes one")
    lines = []
    for number, row in enumerate(table[1:], start=2):
        cells = dict(zip(heading, row, strict=False))
        if any(row):
            known = {("placed" if name == "as" else name): cells.get(name, "") for name in COLUMNS}
            known["use"] = known["use"].casefold()
            lines.append(PlanLine(**known, number=number))
    return lines
