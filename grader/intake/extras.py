"""What goes along with an answer: the helpers it imports and the data it names, and nothing else that lies
there.
"""

from __future__ import annotations

import hashlib
from typing import Protocol

from grader.intake.allowance import HandInBudget
from grader.intake.content import Mentions
from grader.intake.files import Refused
from grader.intake.tree import Entry
from grader.model import SourceFile


class Hash(Protocol):
    """What `hashlib.sha256` makes."""

    def copy(self) -> Hash: ...

    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


MAX_EXTRAS = 32
EXTRA_FILES = 4
"""Times the limit of one file, for all files beside an answer together."""


def gather_extras(
    name: str, content: bytes, nearby: dict[tuple[str, ...], Entry], limit: int, budget: HandInBudget
) -> tuple[tuple[SourceFile, ...], set[str]]:
    """The files that `content`, or a helper it imports, mentions; and the printable paths of those taken.

    `nearby` are the files beside it and below, by their path components. What is searched comes off the student's
    `budget`.
    """
    extra: list[SourceFile] = []
    taken: set[str] = set()
    pending = [Mentions(name, content)]
    in_order = sorted(nearby.items(), key=lambda item: item[0])
    room = EXTRA_FILES * limit
    while pending and nearby:
        mentions = pending.pop(0)
        for path, entry in in_order:
            if len(extra) >= MAX_EXTRAS or not budget.search(mentions.size):
                break
            if entry.shown in taken or not mentions.include(path):
                continue
            try:
                helper = entry.fetch(min(limit, room))
            except Refused:
                continue
            room -= len(helper)
            taken.add(entry.shown)
            extra.append(SourceFile("/".join(path), helper))
            if entry.suffix == ".py":
                pending.append(Mentions(entry.name, helper))
    return tuple(sorted(extra, key=lambda file: file.name)), taken


def digest(main: Hash, extra: tuple[SourceFile, ...]) -> str:
    """SHA-256 of a submission; of the file itself where it stands alone, as ``sha256sum`` shows it.

    `main` has been fed the main file as it was handed in.
    """
    whole = main.copy()
    for file in extra:
        whole.update(b"\0" + file.name.encode("utf-8", "backslashreplace") + b"\0")
        whole.update(hashlib.sha256(file.content).digest())
    return whole.hexdigest()
