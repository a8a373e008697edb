"""Whose hand-ins are one student's: by the platform's id, by the roster, or by the very same name. Never by likeness.

Names that differ in case, accents, dots, spaces or dashes alone may be one student's or two. That is said, and both are
kept: only a plan, a roster or the instructor joins them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from grader.intake.folding import listed, natural, squashed
from grader.intake.handin import Handin
from grader.intake.model import Notice, NoticeKind, Student
from grader.intake.roster import RosterRow

Group = tuple[Student, list[Handin]]


def by_student(handins: Iterable[Handin], rows: Sequence[RosterRow] | None) -> list[Group]:
    """Hand-ins by student, in natural order of the id."""
    person = _on_roster(rows or ())
    groups: dict[str, list[Handin]] = {}
    for handin in handins:
        key = next((person[name] for name in _names(handin.student) if name in person), None)
        groups.setdefault(f"\0{key}" if key is not None else handin.student.id, []).append(handin)
    found = [(_joined([handin.student for handin in group], rows), group) for group in groups.values()]
    return sorted(found, key=lambda pair: (natural(pair[0].id), pair[0].id))


def with_members(handins: Iterable[Handin], rows: Sequence[RosterRow] | None) -> list[Handin]:
    """A group's hand-in as one of each member, where the roster has a column that names the group.

    A column in which nobody shares a cell with anybody names people, not groups.
    """
    members: dict[str, list[RosterRow]] = defaultdict(list)
    people = set(_on_roster(rows or ()))
    shared = _shared_columns(rows or ())
    for row in rows or ():
        for cell in {cell for column, cell in enumerate(row.others) if column in shared} - {""}:
            if cell not in people:
                members[cell].append(row)
                members[_as_canvas_writes(cell)].append(row)
    found = []
    for handin in handins:
        name = handin.student.name
        own = members.get(name, []) if handin.student.id not in people or handin.dashes else []
        if not own:
            found.append(handin)
        for row in {row.id: row for row in own}.values():
            student = Student(row.id, row.name or row.id, False, row.sis_id, row.login, row.email)
            found.append(replace(handin, student=student))
    return found


def _shared_columns(rows: Sequence[RosterRow]) -> set[int]:
    width = max((len(row.others) for row in rows), default=0)
    cells = [[row.others[column] for row in rows if column < len(row.others)] for column in range(width)]
    filled = [[cell for cell in column if cell] for column in cells]
    return {place for place, column in enumerate(filled) if len(set(column)) < len(column)}


def _as_canvas_writes(name: str) -> str:
    """A group's name as it begins the names of files in Canvas's download."""
    return re.sub(r"[^\w]", "", name).lower()


def alike(students: Sequence[Student]) -> list[Notice]:
    """A line on each set of students whose names differ in nothing but how they are written."""
    by_likeness: dict[str, list[Student]] = defaultdict(list)
    for student in students:
        if student.id != student.name:
            continue  # The platform's id has told who it is.
        by_likeness[_likeness(student.name)].append(student)
    notices = []
    for found in by_likeness.values():
        if len({student.name for student in found}) > 1:
            others = sorted(found, key=lambda student: (natural(student.id), student.id))
            reason = (
                f"{listed([student.name for student in others])} may be the same student under several spellings; "
                "they are graded apart, and --plan shows how to join them"
            )
            notices.append(Notice(others[0].id, NoticeKind.NOTE, reason, others[0].id))
    return notices


def only_named(students: Sequence[Student], rows: Sequence[RosterRow] | None) -> list[str]:
    """The names of students of whom nothing else is known: no id of a platform's, and no line in the roster."""
    proven = {row.id for row in rows or ()}
    return [student.name for student in students if student.id == student.name and student.id not in proven]


def _names(student: Student) -> Iterable[str]:
    # Where the platform has an id, the name proves nothing more.
    name = [student.name] if student.id == student.name else []
    return [student.id, student.login, student.email, *name]


def _on_roster(rows: Sequence[RosterRow]) -> dict[str, int]:
    """Id, login, address or name -> the row that alone has it."""
    owners: dict[str, set[int]] = defaultdict(set)
    for index, row in enumerate(rows):
        last_first = [f"{row.name.rpartition(' ')[2]}, {row.name.rpartition(' ')[0]}"] if " " in row.name else []
        for key in (row.id, row.login, row.email, row.email.partition("@")[0], row.sis_id, row.name, *last_first):
            if key:
                owners[key].add(index)
    return {key: found.pop() for key, found in owners.items() if len(found) == 1}


def names_on(rows: Sequence[RosterRow]) -> frozenset[str]:
    """Ids, logins, addresses and names that are one person's on the roster."""
    return frozenset(_on_roster(rows))


def _joined(students: Sequence[Student], rows: Sequence[RosterRow] | None) -> Student:
    ids = {student.id for student in students}
    on_roster = next((row.id for row in rows or () if row.id in ids), None)
    first = min(students, key=lambda student: (student.id != on_roster, natural(student.id), student.id))

    def known(field: str) -> str:
        return next((value for student in students if (value := getattr(student, field))), "")

    return Student(first.id, first.name, False, known("sis_id"), known("login"), known("email"))


def _likeness(name: str) -> str:
    plain = unicodedata.normalize("NFKD", squashed(name))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)) or name
