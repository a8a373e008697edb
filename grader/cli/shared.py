"""What several commands need: saying a line, a console that outlives its reader, patience."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.errors import GraderError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from grader.batch import Batch, Graded, Planned
    from grader.problem import Course

_PATIENCE_SECONDS = 1.0
_WIDEST = 100


def say(line: str) -> None:
    """A line for the person at the terminal. On standard error: standard output belongs to results."""
    print(line, file=sys.stderr)


def say_error(error: GraderError) -> None:
    """Say what was wrong, and what to do about it."""
    say(f"grade: {error.message}")
    if error.hint:
        say(f"       {error.hint}")


def say_course_begins(course: Course) -> None:
    """Say so where the first problem of a course has been written."""
    if not course.slugs:
        say(f"A course begins here: {course.root}")


def say_what_is_lacking(batch: Batch) -> None:
    """Say that a batch's results are not those of now, where they are not, and what to do about it."""
    from grader.batch.again import lack

    why, what = lack(batch)
    if why:
        say(why)
        say(f"    {what}")


def console() -> Console:
    """Standard output for reports. Where nobody reads it any more, as after ``| head -1``, the rest goes nowhere."""
    from rich.console import Console

    class Lasting(Console):
        def on_broken_pipe(self) -> None:
            nobody_reads()

    return Lasting(highlight=False)


def show_pages(*pages: RenderableType) -> None:
    """Show what is to be read: in a terminal page by page, no wider than is read well."""
    out = console()
    width = min(out.width, _WIDEST)
    if out.is_terminal:
        with out.pager(styles=True):
            out.print(*pages, width=width)
    else:
        out.print(*pages, width=width)


def nobody_reads() -> None:
    """Lead standard output nowhere: what follows, up to the last flush, then fails no more."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def patience(doing: str) -> Iterator[None]:
    """Say what is being waited for, with the seconds so far, once it takes longer than one; only in a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    teller = threading.Thread(target=_tell_until, args=(done, doing), daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def _tell_until(done: threading.Event, doing: str) -> None:
    if done.wait(_PATIENCE_SECONDS):
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True, highlight=False), transient=True) as shown:
        shown.add_task(doing, total=None)
        done.wait()


class Quiet:
    """A `grader.batch.Watcher` for whoever wants to hear nothing of a batch's progress."""

    def planned(self, plan: Planned) -> None:
        """Nothing is said."""

    def beginning(self, total: int) -> None:
        """Nothing is said."""

    def graded(self, done: Graded) -> None:
        """Nothing is said."""

    def publishing(self) -> None:
        """Nothing is said."""
