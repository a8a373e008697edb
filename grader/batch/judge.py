"""A batch's rules at work on the rows of its store."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from grader.batch.model import Batch, Row
from grader.batch.rulings import Rulings
from grader.batch.store import Store


class BatchJudge:
    """Turns what checks found into what is published."""

    def __init__(self, batch: Batch) -> None:
        self._rulings = Rulings(batch.rules)

    def rows(self, store: Store, key: str | None = None) -> Iterator[Row]:
        """The answers that count with their published grades; or those whose grade is filed under `key`."""
        return map(self.rule, store.rows(key))

    def rule(self, row: Row) -> Row:
        """The row with its published grade. Raises UsageError where a rule names a check that does not exist."""
        if row.grade is None:
            return row
        grade = self._rulings.apply(row.grade, late=row.late, handed_in=row.handed_in)
        return msgspec.structs.replace(row, grade=grade)
