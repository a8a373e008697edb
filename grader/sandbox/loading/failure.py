"""What is kept of a statement outside functions that did not work."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.sandbox.loading.cell import Cell


@dataclass
class Failure:
    """One statement that did not work."""

    cell: Cell
    line: int
    sentence: str
    """What went wrong and where, beginning with the place."""
    lost: dict[str, int]
    """Names that it would have bound, with their lines."""
    error: BaseException | None = None
    followed_by: list[tuple[Cell, int]] = field(default_factory=list)
    """Lines that failed for want of one of those names."""

    @property
    def place(self) -> str:
        return self.cell.place(self.line)
