"""The IPython extension: after `%load_ext grader`, `%grade 02` grades the notebook that it stands in.

The work goes to the same sandbox as with the command, as source: nothing is called in the kernel. The sandbox is
started by the first `%grade` and kept, so that the next one needs no second import of torch.
"""

from __future__ import annotations

import atexit
import inspect
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from grader.bench import Bench
from grader.errors import GraderError
from grader.grade import grade_one
from grader.intake.athome import about_files_beside
from grader.intake.single import read_submission
from grader.jobs import Terms
from grader.model import Grade, Problem, SourceFile, Submission
from grader.notebook import history, inline
from grader.problem import Course, find_course
from grader.problem.given import read_given
from grader.reports.plainpage import drawn_or_plain
from grader.reports.shown import headline

_TEXT_WIDTH = 88
_EXTENSION = "grader"
_ENDS_IT = re.compile(r"%(?:un|re)load_ext")


class KernelGrading:
    """One kernel's `%grade`."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._bench: Bench | None = None

    def magic(self, line: str) -> None:
        """Grade this notebook: %grade 02

        The cells run so far count, in the order in which they were run.

        %grade 02 --saved         grade the notebook as it is saved instead
        %grade 02 --saved FILE    grade another notebook, or a .py
        %grade 02 --public-only   only the checks that you may see
        """
        from IPython.core.error import UsageError

        if not line.strip() or {"-h", "--help"} & set(line.split()):
            from IPython.display import display

            display({"text/plain": inspect.getdoc(self.magic)}, raw=True)  # type: ignore[no-untyped-call]
            return
        try:
            self._grade(line)
        except GraderError as error:
            # IPython shows this one as a sentence, without a traceback.
            raise UsageError(f"{error.message}\n{error.hint}" if error.hint else error.message) from None

    def _grade(self, line: str) -> None:
        options = _parser().parse_argstring(line)
        course = find_course(Path.cwd(), options.problem)
        asked = _Asked(self, self._shell, course, options.problem, options.saved)
        try:
            grade_one(asked, Terms(public_only=options.public_only or course.solutions is None))
        except BaseException:
            # A bench that was interrupted in the middle would give the next job the outcome of this one.
            self.close()
            raise

    def bench(self) -> Bench:
        """The bench of this kernel, started by the first `%grade`."""
        if self._bench is None:
            self._bench = Bench()
        return self._bench

    def before_cell(self, *about: Any) -> None:
        """Let IPython know that the extension is there, should the cell want to unload it."""
        if any(_ENDS_IT.search(getattr(info, "raw_cell", None) or "") for info in about):
            self._shell.extension_manager.loaded.add(_EXTENSION)

    def after_cell(self, *about: Any) -> None:
        """Let IPython forget it: a cell that loads it and is run again would be told to reload it."""
        self._shell.extension_manager.loaded.discard(_EXTENSION)

    def close(self) -> None:
        """End the sandbox, if one was started."""
        if self._bench is not None:
            self._bench.close()
            self._bench = None


@dataclass
class _Asked:
    """One `%grade`, on its road."""

    grading: KernelGrading
    shell: Any
    course: Course
    typed: str
    saved: str | None
    place: Path = Path()
    """The notebook's file, or where it stands."""
    taken: tuple[SourceFile, ...] = ()
    """What goes along with the answer."""

    def load(self) -> Problem:
        return self.course.load(self.course.resolve(self.typed))

    def read(self, problem: Problem) -> Submission:
        self.place = history.place(self.shell, problem, self.saved)
        if self.saved is None:
            submission = history.cells_run(self.shell, problem)
        else:
            submission = read_submission(self.place, names=problem.names)
        self.place = self.place / submission.main.name if self.place.is_dir() else self.place
        self.taken = submission.extra
        return submission

    def open(self, problem: Problem) -> Bench:
        return self.grading.bench()

    def report(self, problem: Problem, grade: Grade) -> None:
        beside = about_files_beside(self.place, self.taken, read_given(problem), grade)
        _show(msgspec.structs.replace(grade, notes=(*grade.notes, *beside)), problem)


def load(shell: Any) -> None:
    """`%load_ext grader`. Again, as when a cell is run a second time, it changes nothing: the sandbox stays warm."""
    if isinstance(getattr(shell, "torchgrade", None), KernelGrading):
        return
    grading = KernelGrading(shell)
    shell.torchgrade = grading
    shell.register_magic_function(grading.magic, "line", "grade")
    shell.events.register("pre_run_cell", grading.before_cell)
    shell.events.register("post_run_cell", grading.after_cell)
    atexit.register(grading.close)


def unload(shell: Any) -> None:
    """`%unload_ext grader`: the magic goes, and the sandbox with it."""
    grading = getattr(shell, "torchgrade", None)
    if isinstance(grading, KernelGrading):
        grading.close()
        atexit.unregister(grading.close)
        shell.events.unregister("pre_run_cell", grading.before_cell)
        shell.events.unregister("post_run_cell", grading.after_cell)
        shell.magics_manager.magics["line"].pop("grade", None)
        del shell.torchgrade


def _parser() -> Any:
    from IPython.core.magic_arguments import MagicArgumentParser

    parser = MagicArgumentParser("%grade", add_help=False)  # type: ignore[no-untyped-call]
    parser.add_argument("problem", help="its number or name")
    parser.add_argument("--saved", nargs="?", const="", metavar="FILE", help="the file instead of the cells run so far")
    parser.add_argument("--public-only", action="store_true", help="only the checks that you may see")
    return parser


def _show(grade: Grade, problem: Problem) -> None:
    """Display the report: the page where HTML is shown, else the terminal's."""
    from IPython.display import display
    from rich.console import Console

    from grader.reports.terminal import print_grade

    text = io.StringIO()
    # Left to itself, rich notices the notebook and displays every line at once.
    console = Console(file=text, width=_TEXT_WIDTH, force_jupyter=False, force_terminal=False, highlight=False)
    print_grade(grade, console, waiting=problem.hidden)
    # The task stands in the notebook already.
    page = inline.framed(drawn_or_plain(grade, problem, None), f"{problem.title}: {headline(grade)}")
    display({"text/html": page, "text/plain": text.getvalue()}, raw=True)  # type: ignore[no-untyped-call]
