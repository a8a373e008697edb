"""What several commands need: saying a line, finding and beginning a submission."""

from __future__ import annotations

import sys
from pathlib import Path

from grader.common.atomic import create_file
from grader.errors import GraderError, UsageError

SUBMISSION_NAMES = ("submission.py", "submission.ipynb")


def say(line: str) -> None:
    """A line for the person at the terminal. On standard error: standard output belongs to results."""
    print(line, file=sys.stderr)


def say_error(error: GraderError) -> None:
    """What was wrong, and what to do about it."""
    say(f"grade: {error.message}")
    if error.hint:
        say(f"       {error.hint}")


def submission_in(folder: Path) -> Path | None:
    """The student's own work in a problem's folder; the newer one where there are two."""
    existing = [folder / name for name in SUBMISSION_NAMES if (folder / name).is_file()]
    return max(existing, key=lambda path: path.stat().st_mtime, default=None)


def begin_submission(folder: Path) -> Path:
    """Write submission.py from the stub. Never overwrites: raises `UsageError` where one exists."""
    return write_new(folder / SUBMISSION_NAMES[0], (folder / "stub.py").read_bytes())


def write_new(path: Path, content: bytes) -> Path:
    """Create `path`; raises `UsageError` where it exists, for whatever reason it came to exist."""
    try:
        create_file(path, content)
    except FileExistsError:
        raise UsageError(f"{path} exists already and is left as it is", hint="move it away to begin anew") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    return path
