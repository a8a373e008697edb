"""The class list: who should have handed in, and what the platform's numbers mean.

Any CSV with a heading that names an id or a name will do: a list of one's own, a gradebook downloaded from
Canvas, a grading worksheet from Moodle, GitHub Classroom's roster. Without a heading the first column is the
id, the second the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.errors import UsageError
from grader.intake.model import Notice, NoticeKind, Student
from grader.intake.tables import read_table
from grader.intake.text import folded, name_keys, printable

_HEADINGS = {
    "id": "id|student id|studentid|student number|user id|identifier|sid|netid|matrikelnummer",
    "name": "name|full name|fullname|student name|student|display name|vollständiger name|nom complet|nombre completo",
    "first": "first name|firstname|given name|vorname|prénom|nombre|nome",
    "last": "last name|lastname|surname|family name|nachname|nom|apellido s|apellidos|cognome|achternaam",
    "email": "email|e mail|email address|e mail adresse|mail|adresse de courriel|dirección de correo",
    "login": "login|username|user name|user|sis login id|github username|github|kennung|account",
    "sis_id": "sis user id|sis id|id number|id nummer|idnumber",
}
_ROLE = {heading: role for role, headings in _HEADINGS.items() for heading in headings.split("|")}
_TRAILING_NUMBER = re.compile(r"\D+([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Row:
    """One person on the roster; whatever is not known is empty."""

    id: str = ""
    name: str = ""
    email: str = ""
    login: str = ""
    sis_id: str = ""

    @property
    def keys(self) -> set[str]:
        """What this person may be called by a platform."""
        keys = {self.id, self.email, self.login, self.sis_id, self.email.partition("@")[0]}
        if match := _TRAILING_NUMBER.fullmatch(self.id):
            # Moodle's identifier: a word in the site's language and the number that is in the folder's name.
            keys.add(match[1])
        return {folded(key) for key in keys} - {""}


def read_roster(content: bytes, shown: str) -> list[Row]:
    """Read a class list.

    Raises:
        UsageError: if it is no table.
    """
    try:
        table = [[printable(cell).strip() for cell in row] for row in read_table(content).values()]
    except ValueError as error:
        raise UsageError(f"{shown}: {error}") from error
    table = [row for row in table if any(row)]
    if not table:
        raise UsageError(f"{shown} is empty", hint="A roster has a line per student with an id and a name.")
    columns = _columns(table[0])
    body = table[1:] if columns else table
    rows = [_row(dict(enumerate(row)), columns or {"id": 0, "name": 1}) for row in body]
    return [row for row in rows if row.id and not row.name.startswith("Points Possible")]


def _columns(heading: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, cell in enumerate(heading):
        if role := _ROLE.get(folded(cell)):
            columns.setdefault(role, index)
    # A list of its own may call the id "student", as Canvas calls the name.
    if columns and "id" not in columns and not columns.keys() & {"login", "email", "sis_id"}:
        columns["id"] = columns.get("name", columns.get("last", 0))
    return columns


def _row(cells: dict[int, str], columns: dict[str, int]) -> Row:
    field = {role: cells.get(index, "") for role, index in columns.items()}
    name = field.get("name") or f"{field.get('first', '')} {field.get('last', '')}".strip()
    name = _first_name_first(name)
    identity = field.get("id") or field.get("login") or field.get("email") or field.get("sis_id") or name
    return Row(identity, name, field.get("email", ""), field.get("login", ""), field.get("sis_id", ""))


def _first_name_first(name: str) -> str:
    """``Doe, Jane`` is Jane Doe."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name


def add_roster(students: Sequence[Student], rows: Sequence[Row], shown: str) -> tuple[list[Student], list[Notice]]:
    """Students with what the roster knows of them, and after them those who handed in nothing.

    A row is a student's if an id, login or address of both is the same, else if the name is and no other
    student has it.
    """
    found, notices = list(students), []
    by_key = _index((folded(key), i) for i, s in enumerate(found) for key in (s.id, s.login, s.email, s.sis_id))
    by_name = _index((key, i) for i, s in enumerate(found) for key in name_keys(s.name))
    taken: set[int] = set()
    for row in rows:
        matches = {i for key in row.keys for i in by_key.get(key, ())} or {
            i for key in name_keys(row.name) for i in by_name.get(key, ())
        }
        matches -= taken
        if len(matches) == 1:
            index = matches.pop()
            taken.add(index)
            found[index] = _enriched(found[index], row)
        elif not matches and not any(folded(student.id) in row.keys for student in found):
            name = row.name or row.id
            found.append(Student(row.id, name, sis_id=row.sis_id, login=row.login, email=row.email))
            notices.append(Notice(shown, NoticeKind.MISSING, f"{name} handed in nothing", row.id))
            taken.add(len(found) - 1)
        else:
            reason = f"{row.name or row.id} is on it twice, or could be several students"
            notices.append(Notice(shown, NoticeKind.NOTE, reason, row.id))
    for index, student in enumerate(students):
        if index not in taken:
            notices.append(Notice(shown, NoticeKind.NOTE, f"{student.name} handed in but is not on it", student.id))
    return found, notices


def _index(pairs: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
    index: dict[str, set[int]] = {}
    for key, number in pairs:
        if key:
            index.setdefault(key, set()).add(number)
    return index


def _enriched(student: Student, row: Row) -> Student:
    return Student(
        student.id,
        row.name or student.name,
        student.late,
        row.sis_id or student.sis_id or (row.id if row.id != student.id else ""),
        row.login or student.login,
        row.email or student.email,
    )
