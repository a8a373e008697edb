"""What one student's files may cost in all, whatever they are and however deep in archives they lie.

Each single file and archive has limits of its own; these are for a student who stays below every one of them, many
times over. Files beyond a budget are not read, and one notice says how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from grader.intake.files import Refused
from grader.intake.model import Notice, NoticeKind

MOST_FILES = 10_000
"""That are looked at. The largest repository that anyone handed in had some hundred."""
UNPACKED_FILES = 256
"""Times the limit of one file: what all archives together may unpack to."""
SEARCHED_BYTES = 2 << 30
"""That are searched for names of files: the size of a source times the number of files beside it, for all sources."""
MOST_NOTICES = 40
_KEPT = frozenset({NoticeKind.LATE, NoticeKind.DOUBLE, NoticeKind.NOTE, NoticeKind.MISSING})
"""Kinds of which there is at most one for each problem, or for each answer."""


@dataclass(slots=True)
class HandInBudget:
    """What is left of one student's."""

    unpacked: int
    files: int = MOST_FILES
    searched: int = SEARCHED_BYTES

    @classmethod
    def of_a_student(cls, limit: int) -> HandInBudget:
        """Where one file may have `limit` bytes."""
        return cls(UNPACKED_FILES * limit)

    def unpack(self, count: int) -> None:
        """Raise Refused where so many bytes more are too many."""
        self.unpacked -= count
        if self.unpacked < 0:
            raise Refused("is more than a student's archives may unpack to in all; the rest of them is not read")

    def list(self, count: int) -> None:
        """Raise Refused where so many files more are too many; then they are not counted."""
        if count > self.files:
            raise Refused(f"holds {count:,} files, with which there are more than {MOST_FILES:,} of one student")
        self.files -= count

    def search(self, size: int) -> bool:
        """Whether `size` bytes may be searched once more."""
        self.searched -= size
        return self.searched >= 0


def once_for_each_reason(notices: Iterable[Notice]) -> list[Notice]:
    """What a listing refused of one student's files: a notice for each reason, which says how many files are alike."""
    alike: dict[str, list[Notice]] = {}
    for notice in notices:
        alike.setdefault(f"{notice.kind} {notice.reason}", []).append(notice)
    return [_with_count(first, len(others)) for first, *others in alike.values()]


def _with_count(notice: Notice, others: int) -> Notice:
    if not others:
        return notice
    count = "one more file" if others == 1 else f"{others:,} more files"
    return msgspec.structs.replace(notice, reason=f"{notice.reason}; {count} of the same hand-in alike")


def told(notices: Iterable[Notice]) -> list[Notice]:
    """The notices on one student's files, or the first `MOST_NOTICES` and one for each kind that says how many more."""
    kept: list[Notice] = []
    beyond: Counter[NoticeKind] = Counter()
    last: dict[NoticeKind, Notice] = {}
    for notice in notices:
        if (notice.kind in _KEPT and len(kept) < 10 * MOST_NOTICES) or len(kept) < MOST_NOTICES:
            kept.append(notice)
        else:
            beyond[notice.kind] += 1
            last.setdefault(notice.kind, notice)
    for kind, first in last.items():
        more = f"and {beyond[kind]:,} more like it of the same student: {first.reason}"
        kept.append(msgspec.structs.replace(first, reason=more if beyond[kind] > 1 else first.reason))
    return kept
