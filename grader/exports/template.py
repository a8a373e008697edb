"""A table downloaded from a platform, on its way back with grades in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from grader.errors import UsageError
from grader.exports.model import TOTAL, Gradebook, Person
from grader.exports.spreadsheet_cells import defused, points, to_number
from grader.intake.csv_files import ListTable, TableCell, read_table

Key = Callable[[Person], Iterable[str]]


@dataclass
class Template:
    """The template's cells, and which of them were written."""

    table: ListTable
    rows: list[list[TableCell]]
    decimal: str = "."
    written: int = 0
    replaced: int = 0
    defused: list[str] = field(default_factory=list)

    @property
    def heading(self) -> list[str]:
        return [cell.value.strip() for cell in self.rows[0]]

    def value(self, row: int, column: int | None) -> str:
        """The text of a cell, stripped; nothing where the row is too short."""
        cells = self.rows[row]
        return cells[column].value.strip() if column is not None and column < len(cells) else ""

    def write(self, row: int, column: int, value: float) -> None:
        """Put a grade into a cell."""
        before = to_number(self.value(row, column))
        text = points(value, self.decimal)
        self.replaced += before is not None and before != to_number(text)
        self.written += 1
        self.say(row, column, text)

    def say(self, row: int, column: int, text: str) -> None:
        """Put words into a cell."""
        cells = self.rows[row]
        cells += [TableCell("", "")] * (column + 1 - len(cells))
        cells[column] = self.table.dialect.cell(text)

    def defuse(self, row: int) -> None:
        """Take the sting out of cells of `row` that a spreadsheet would run."""
        for column, cell in enumerate(self.rows[row]):
            text = defused(cell.value)
            if text != cell.value:
                self.rows[row][column] = self.table.dialect.cell(text)
                heading = self.value(0, column)
                self.defused.append(f"row {row + 1}, {heading or f'column {column + 1}'}")

    def encode(self) -> bytes:
        """The template as a file in the dialect it came in."""
        rows = tuple(tuple(row) for row in self.rows)
        return ListTable(self.table.dialect, rows, self.table.ends_with_newline).encode()

    def notes(self) -> list[str]:
        """What the instructor may want to know of the cells written."""
        notes = []
        if self.replaced:
            notes.append(f"{self.replaced} cells held another grade before")
        if self.defused:
            places = ", ".join(self.defused[:5]) + (" and more" if len(self.defused) > 5 else "")
            notes.append(f"an apostrophe was put before text that a spreadsheet would run: {places}")
        return notes


def read_template(content: bytes, what: str) -> Template:
    """Read a template.

    Raises:
        UsageError: if it is no table with a heading and a row.
    """
    try:
        table = read_table(content)
    except ValueError as error:
        raise UsageError(f"The template is not {what}: {error}") from error
    if len(table.rows) < 2:
        raise UsageError(f"The template is not {what}: it has no rows", hint="Download it from the course again.")
    return Template(table, [list(row) for row in table.rows])


def points_of(gradebook: Gradebook, problem: str) -> float:
    """The most that a column can hold: the points of a problem, or of all that were graded."""
    return sum(each.points for each in gradebook.problems if problem in (each.slug, TOTAL))


def decimal_mark(texts: Iterable[str]) -> str:
    """The decimal mark that a table's own numbers are written with."""
    numbers = [text for text in texts if to_number(text) is not None]
    return "," if any("," in text for text in numbers) and not any("." in text for text in numbers) else "."


def match_people(
    people: Sequence[Person],
    rows: Sequence[int],
    levels: Sequence[tuple[Callable[[int], Iterable[str]], Key]],
) -> tuple[dict[int, Person], set[str]]:
    """Row -> person, by the first of `levels` at which each is the other's only match; and who is left ambiguous.

    A level gives the keys of a row and of a person. Everyone is matched at one level before the next is looked at, so
    that a name never takes a row from the student whose number it has.
    """
    matched: dict[int, Person] = {}
    ambiguous: set[str] = set()
    for row_keys, person_keys in levels:
        taken = {person.student.id for person in matched.values()}
        owners: dict[str, set[int]] = {}
        for index, person in enumerate(people):
            if person.student.id not in taken:
                for key in set(person_keys(person)) - {""}:
                    owners.setdefault(key, set()).add(index)
        claims: dict[int, set[int]] = {}
        for row in rows:
            if row not in matched:
                for index in {index for key in row_keys(row) if key for index in owners.get(key, ())}:
                    claims.setdefault(index, set()).add(row)
        wanted: dict[int, set[int]] = {}
        for index, claimed in claims.items():
            for row in claimed:
                wanted.setdefault(row, set()).add(index)
        for row, indices in wanted.items():
            (index, *others) = sorted(indices)
            if others or len(claims[index]) > 1:
                ambiguous |= {people[i].student.id for i in indices}
            else:
                matched[row] = people[index]
    return matched, ambiguous - {person.student.id for person in matched.values()}
