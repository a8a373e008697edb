"""The class list: who should have handed in, and what the platform's numbers mean.

Any CSV with a heading that names an id or a name will do: a list of one's own, a gradebook downloaded from
Canvas, a grading worksheet from Moodle, GitHub Classroom's roster, in any of the languages of `headings`. A column with
an unknown heading is known by its content, where that is safe: one address in each row, or the class's own ids. Without
a heading the first column is the id, the second the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from grader.errors import UsageError
from grader.intake import headings
from grader.intake.csv_files import read_table
from grader.intake.folding import folded, name_keys, printable
from grader.intake.model import Notice, NoticeKind, Student

_Owner = TypeVar("_Owner")
_TRAILING_NUMBER = re.compile(r"\D+([0-9]{1,18})")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_KEPT_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
"""How spreadsheets are kept from dropping the zeros of an id: as a formula that is a text."""
_TEST_STUDENT = "studenttest"
_DIGEST = re.compile(r"[0-9a-f]{40}")
"""What Canvas gives the student that it makes up for an instructor's view as a login."""
_MANY = 0.5
"""The share of the students whose ids a column must hold to be taken for a column of ids."""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person on the roster; whatever is not known is empty."""

    id: str = ""
    name: str = ""
    email: str = ""
    login: str = ""
    sis_id: str = ""
    section: str = ""
    tutor: str = ""
    others: tuple[str, ...] = field(default=(), compare=False)
    """Cells under headings that nobody knows, by column."""

    @property
    def is_nobody(self) -> bool:
        """Whether this is the student that Canvas makes up, whose name is translated and whose login is a digest."""
        return _TEST_STUDENT in name_keys(self.name) or _DIGEST.fullmatch(self.login) is not None

    @property
    def keys(self) -> set[str]:
        """What this person may be called by a platform."""
        keys = {self.id, self.email, self.login, self.sis_id, self.email.partition("@")[0]}
        if match := _TRAILING_NUMBER.fullmatch(self.id):
            # Moodle's identifier: a word in the site's language and the number that is in the folder's name.
            keys.add(match[1])
        return {folded(key) for key in keys} - {""}


def read_roster(content: bytes, shown: str) -> list[RosterRow]:
    """Read a class list.

    Raises:
        UsageError: if it is no table.
    """
    try:
        table = [[_cell(cell) for cell in row] for row in read_table(content).values() if not _is_scale(row)]
    except ValueError as error:
        raise UsageError(f"{shown}: {error}") from error
    table = [row for row in table if any(row)]
    if not table:
        raise UsageError(f"{shown} is empty", hint="A roster has a line per student with an id and a name.")
    known = headings.roles(table[0])
    body = table[1:] if known or _is_heading(table) else table
    width = max(map(len, table))
    columns = _with_addresses({role: column for column, role in known.items()}, body, width)
    columns = columns or {"id": 0, "name": 1}
    # A list of its own may call the id "student", as Canvas calls the name.
    if not columns.keys() & {"id", "login", "email", "sis_id"}:
        columns["id"] = columns.get("name", columns.get("last", 0))
    others = [column for column in range(width) if column not in columns.values()]
    rows = [_row(dict(enumerate(cells)), columns, others) for cells in body]
    return [row for row in rows if row.id and not row.is_nobody]


def _cell(text: str) -> str:
    text = printable(text).strip()
    match = _KEPT_AS_TEXT.fullmatch(text)
    return match[1].strip() if match else text


def _is_heading(table: list[list[str]]) -> bool:
    """Whether the first row is none of the rows below: they have addresses or digits where it has neither."""
    first, rest = table[0], table[1:]
    for column, cell in enumerate(first):
        below = [row[column] for row in rest if column < len(row)]
        for is_one in (_is_address, lambda text: any(letter.isdecimal() for letter in text)):
            if below and all(map(is_one, below)) and not is_one(cell):
                return True
    return False


def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None


def _with_addresses(columns: dict[str, int], body: list[list[str]], width: int) -> dict[str, int]:
    """With the column whose cells are addresses, where no heading names one."""
    if "email" in columns:
        return columns
    for column in range(width):
        cells = [row[column] for row in body if column < len(row) and row[column]]
        if column not in columns.values() and cells and all(map(_is_address, cells)):
            return {**columns, "email": column}
    return columns


def _is_scale(row: list[str]) -> bool:
    """Whether a row is no student's but holds a gradebook's points possible: Canvas indents it, in any language."""
    return bool(row) and (row[0].startswith("    ") or row[0].strip().startswith("Points Possible"))


def _row(cells: dict[int, str], columns: dict[str, int], others: Sequence[int]) -> RosterRow:
    known = {role: cells.get(index, "") for role, index in columns.items()}
    name = known.get("name") or f"{known.get('first', '')} {known.get('last', '')}".strip()
    name = _first_name_first(name)
    identity = known.get("id") or known.get("login") or known.get("email") or known.get("sis_id") or name
    unknown = tuple(cells.get(column, "") for column in others)
    told = {role: known.get(role, "") for role in ("email", "login", "sis_id", "section", "tutor")}
    return RosterRow(identity, name, **told, others=unknown)


def _first_name_first(name: str) -> str:
    """``Doe, Jane`` is Jane Doe."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name


def add_roster(
    students: Sequence[Student], rows: Sequence[RosterRow], shown: str
) -> tuple[list[Student], list[Notice]]:
    """Students with what the roster knows of them, and after them those who handed in nothing.

    A row is a student's if an id, login or address of both is the same, else if the name is. What several rows or
    several students have proves nothing.
    """
    found, notices = list(students), []
    rows = _with_ids(students, rows)
    by_key = _index((folded(key), i) for i, s in enumerate(found) for key in (s.id, s.login, s.email, s.sis_id))
    by_name = _index((key, i) for i, s in enumerate(found) for key in name_keys(s.name))
    people = _people(rows)
    ids_with = _index((key, row.id) for row, keys in people for key in keys)
    ids_called = _index((key, row.id) for row, _ in people for key in name_keys(row.name))
    taken: set[int] = set()
    unproven = []
    for row, keys in people:
        own = [key for key in keys if len(ids_with[key]) == 1]
        matches = {i for key in own for i in by_key.get(key, ())} - taken
        if len(matches) == 1:
            index = matches.pop()
            taken.add(index)
            found[index] = _enriched(found[index], row)
        else:
            unproven.append((row, keys))
    # Names come last: whoever handed in nothing must not take a namesake who is known by a number.
    for row, keys in unproven:
        matches = {i for key in name_keys(row.name) for i in by_name.get(key, ())} - taken
        has_namesakes = any(len(ids_called[key]) > 1 for key in name_keys(row.name))
        if len(matches) == 1 and not has_namesakes:
            index = matches.pop()
            taken.add(index)
            found[index] = _enriched(found[index], row)
        elif not matches and not any(folded(student.id) in keys for student in found):
            name = row.name or row.id
            found.append(_enriched(Student(row.id, name), row))
            notices.append(Notice(shown, NoticeKind.MISSING, f"{name} handed in nothing", row.id))
            taken.add(len(found) - 1)
        else:
            reason = f"{row.name or row.id} is on it twice, or could be several students"
            notices.append(Notice(shown, NoticeKind.NOTE, reason, row.id))
    for index, student in enumerate(students):
        if index not in taken:
            notices.append(Notice(shown, NoticeKind.NOTE, f"{student.name} handed in but is not on it", student.id))
    return found, notices


def _people(rows: Sequence[RosterRow]) -> list[tuple[RosterRow, set[str]]]:
    """Each person's first row, and what any of the person's rows says they may be called.

    A person is in several rows where the worksheets of several assignments were joined: each has a number of its own
    for everybody. The name and the address, login or number of the institution are the very same in all of them.
    """
    people: list[tuple[RosterRow, set[str]]] = []
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        same = {(folded(row.name), folded(text)) for text in (row.email, row.login, row.sis_id) if row.name and text}
        known = next((first[each] for each in same if each in first), None)
        if known is None or people[known][0].id == row.id or row.id in (row.email, row.login, row.sis_id):
            known = len(people)
            people.append((row, set(row.keys)))
        else:
            people[known][1].update(row.keys)
        for each in same:
            first.setdefault(each, known)
    return people


def _with_ids(students: Sequence[Student], rows: Sequence[RosterRow]) -> Sequence[RosterRow]:
    """Rows with the students' ids for logins, where a column under an unknown heading holds the ids of most of them.

    A numbering of the rows is no column of ids, whatever the students are called.
    """
    ids = {folded(student.id) for student in students} - {""}
    known = {key for row in rows for key in row.keys}
    width = max((len(row.others) for row in rows), default=0)
    for column in range(width):
        cells = [folded(row.others[column]) for row in rows]
        new = (ids & set(cells)) - known
        numbering = cells == [str(number) for number in range(1, len(cells) + 1)]
        if numbering or len(set(cells)) < len(cells) or not new or len(new) < _MANY * len(ids):
            continue
        return [
            replace(row, login=row.others[column]) if folded(row.others[column]) in new and not row.login else row
            for row in rows
        ]
    return rows


def _index(pairs: Iterable[tuple[str, _Owner]]) -> dict[str, set[_Owner]]:
    index: dict[str, set[_Owner]] = {}
    for key, owner in pairs:
        if key:
            index.setdefault(key, set()).add(owner)
    return index


def _enriched(student: Student, row: RosterRow) -> Student:
    return Student(
        student.id,
        row.name or student.name,
        student.late,
        row.sis_id or student.sis_id or (row.id if row.id != student.id else ""),
        row.login or student.login,
        row.email or student.email,
        row.section,
        row.tutor,
    )
