"""A student's own work in a problem's folder: which file counts, and beginning one."""

from __future__ import annotations

from pathlib import Path

import msgspec

from grader.common.atomic import create_file
from grader.common.paths import short
from grader.errors import UsageError

SUBMISSION_NAMES = ("submission.py", "submission.ipynb")
_MOST_BYTES = 64 << 20


class _Cell(msgspec.Struct):
    cell_type: str = ""
    source: str | list[str] = ""


class _Notebook(msgspec.Struct):
    cells: list[_Cell] = []


def submission_in(folder: Path) -> Path | None:
    """The file that counts: one that holds something of the student's goes before the bare stub, then the newer one."""
    existing = [folder / name for name in SUBMISSION_NAMES if (folder / name).is_file()]
    if len(existing) < 2:
        return existing[0] if existing else None
    return max(existing, key=lambda path: (not untouched(path), path.stat().st_mtime_ns))


def passed_over(folder: Path) -> str:
    """A sentence about the other file, where there are two; else empty."""
    chosen = submission_in(folder)
    others = [folder / name for name in SUBMISSION_NAMES if (folder / name).is_file() and folder / name != chosen]
    if chosen is None or not others:
        return ""
    other = others[0]
    if untouched(other):
        return f"{chosen.name} is graded; {other.name} still holds only the stub."
    return f"{chosen.name} is graded, because it was saved after {other.name}."


def untouched(path: Path) -> bool:
    """Whether a submission is still what it was begun from: the stub, or the notebook made of it."""
    try:
        stub = _lines((path.parent / "stub.py").read_text(encoding="utf-8"))
        if path.suffix == ".py":
            return _lines(path.read_text(encoding="utf-8")) == stub
        return _code(path) == [line for line in stub if line]
    except (OSError, UnicodeDecodeError, msgspec.DecodeError, RecursionError):
        return False


def begin_submission(folder: Path) -> Path:
    """Write submission.py from the stub. Never overwrites: raises `UsageError` where one exists."""
    return write_new(folder / SUBMISSION_NAMES[0], (folder / "stub.py").read_bytes())


def write_new(path: Path, content: bytes) -> Path:
    """Create `path`; raises `UsageError` where it exists, for whatever reason it came to exist."""
    try:
        create_file(path, content)
    except FileExistsError:
        raise UsageError(
            f"{short(path)} exists already and is left as it is", hint="move it away to begin anew"
        ) from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    return path


def _code(path: Path) -> list[str]:
    """The lines of a notebook's code, without empty ones and without those for IPython."""
    if path.stat().st_size > _MOST_BYTES:
        return ["too long to be a stub"]
    cells = msgspec.json.decode(path.read_bytes(), type=_Notebook).cells
    sources = ["".join(cell.source) for cell in cells if cell.cell_type == "code"]
    return [line for source in sources for line in _lines(source) if line and not line.startswith("%")]


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]
