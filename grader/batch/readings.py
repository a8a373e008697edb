"""How a download was read, kept with the results: a later command reads it the same way.

A roster and a plan are kept whole. The files themselves may be edited, moved or gone by then.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from grader.batch.model import Batch
from grader.batch.store import Store
from grader.intake.csv_files import read_table
from grader.intake.folding import printable

_READING = "reading of "


class _KeptFile(msgspec.Struct, frozen=True):
    name: str
    content: bytes


class _KeptReading(msgspec.Struct, frozen=True, omit_defaults=True):
    """What decides how a download is read."""

    layout: str | None = None
    roster: _KeptFile | None = None
    plan: _KeptFile | None = None


def remember_reading(store: Store, batch: Batch) -> None:
    """Note the layout, roster or plan by which the source of `batch` was read."""
    reading = _KeptReading(batch.layout, _kept(batch.roster), _kept(batch.plan))
    name, value = _READING + str(batch.source.resolve()), msgspec.json.encode(reading).decode()
    if store.fact(name) != value:
        store.note(name, value)


@contextmanager
def read_as_graded(batch: Batch, source: Path) -> Iterator[Batch]:
    """`batch` with `source` as its source, read as it was when it was graded.

    A source that nobody graded by this path is a copy of what was graded, or one of several downloads in it.
    """
    given, graded = source.resolve(), batch.source.resolve()
    with Store(batch.out) as store:
        value = store.fact(_READING + str(given)) or store.fact(_READING + str(graded))
    reading = msgspec.json.decode(value, type=_KeptReading) if value else _KeptReading()
    plan = reading.plan
    if plan is not None and given != graded and given.is_relative_to(graded):
        inside = printable(given.relative_to(graded).as_posix())
        plan = _KeptFile(plan.name, _of_part(plan.content, f"{inside}/"))
    with tempfile.TemporaryDirectory(prefix="torchgrade-") as folder:
        yield msgspec.structs.replace(
            batch,
            source=source,
            layout=reading.layout,
            roster=_written(Path(folder) / "roster", reading.roster),
            plan=_written(Path(folder) / "plan", plan),
        )


def _kept(path: Path | None) -> _KeptFile | None:
    return None if path is None else _KeptFile(path.name, path.read_bytes())


def _written(folder: Path, file: _KeptFile | None) -> Path | None:
    if file is None:
        return None
    folder.mkdir()
    (folder / file.name).write_bytes(file.content)
    return folder / file.name


def _of_part(plan: bytes, prefix: str) -> bytes:
    """The lines of a plan on files below `prefix`, and on no file at all; their paths begin there."""
    heading, *rows = read_table(plan).values()
    place = [cell.strip().casefold() for cell in heading].index("file")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heading)
    for row in rows:
        if len(row) > place and row[place]:
            if not row[place].startswith(prefix):
                continue
            row[place] = row[place].removeprefix(prefix)
        writer.writerow(row)
    return text.getvalue().encode()
