"""Notices settled: a file that nobody could tell whose it is becomes a line of the plan, which the batch then follows.

The plan lies in the batch's directory. It begins as what the batch was read by; whoever edits it by hand goes on from
there.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import msgspec

from grader.batch.model import Batch
from grader.batch.outputs import PRIVATE_FILE
from grader.batch.readings import read_as_graded
from grader.common.outfile import write_own
from grader.common.suggest import did_you_mean
from grader.desk.class_state import Classroom, ClassState
from grader.desk.commands import CommandRan, Commands, option, positional
from grader.errors import UsageError
from grader.intake.model import NoticeKind
from grader.intake.plan import ANSWER, PlanLine, plan_file, read_plan

PLAN = "plan.csv"
SETTLED = (NoticeKind.UNMATCHED, NoticeKind.DOUBLE, NoticeKind.EMPTY)
"""Notices about a file that may be somebody's answer after all."""
_BY_HAND = "settled by hand"
_REPLACED = "another file was chosen by hand"


class Settling:
    """The plan of one batch. The caller sees to it that one thread at a time changes it."""

    def __init__(self, classroom: Classroom, commands: Commands) -> None:
        self._classroom = classroom
        self._commands = commands
        self.path = classroom.directory / PLAN

    def waiting(self, state: ClassState) -> list[PlanLine]:
        """Lines that say answer, and are not what was graded."""
        if not self.path.is_file():
            return []
        graded = {(row.student, row.problem, row.path) for row in state.answers.values()}
        return [
            line
            for line in read_plan(self.path)
            if line.use == ANSWER and (line.student, _slug(line, state), line.file) not in graded
        ]

    def settle(self, state: ClassState, file: str, student: str, problem: str) -> None:
        """Let `file` be the student's answer. Raises UsageError where there is no such student, problem or file."""
        self._refuse_rounds()
        if problem not in state.problems:
            raise UsageError(f"there is no problem {problem}; {did_you_mean(problem, state.problems)}")
        lines = self._lines(state.batch)
        known = {line.student: line for line in lines if line.student}
        if student not in state.students and student not in known:
            near = did_you_mean(student, [*state.students])
            raise UsageError(
                f"there is no student {student}; {near}", hint=f"somebody new becomes a line of {self.path} by hand"
            )
        name = state.students[student].name if student in state.students else known[student].name
        found = next((line for line in lines if line.file == file), PlanLine(file=file))
        others = [line for line in lines if line is not found]
        changed = [
            msgspec.structs.replace(line, use="", why=_REPLACED)
            if (line.student, _slug(line, state), line.use) == (student, problem, ANSWER)
            else line
            for line in others
            if line.file or line.student != student
        ]
        mine = msgspec.structs.replace(
            found, student=student, name=name, problem=problem, use=ANSWER, placed="", why=_BY_HAND
        )
        self._write([*changed, mine])

    def take_back(self, state: ClassState, file: str) -> None:
        """Let `file` be nobody's answer, and what it took the place of be the answer again."""
        lines = read_plan(self.path)
        mine = next((line for line in lines if line.file == file and line.use == ANSWER), None)
        if mine is None:
            raise UsageError(f"{file} is no answer in {self.path}")
        before = state.answers.get((mine.student, _slug(mine, state)))
        changed = []
        for line in lines:
            if line is mine:
                line = msgspec.structs.replace(line, use="", why="")
            elif before is not None and line.file == before.path and line.why == _REPLACED:
                line = msgspec.structs.replace(line, use=ANSWER, why="")
            changed.append(line)
        self._write(changed)

    def grade(self, state: ClassState) -> CommandRan:
        """Grade by the plan: what is graded already is not graded again."""
        self._refuse_rounds()
        batch = state.batch
        some = [option("problem", slug) for slug in state.problems] if len(batch.problems) < len(batch.course) else []
        return self._commands.run(
            "batch",
            option("out", str(batch.out)),
            option("use-plan", str(self.path)),
            option("attempts", str(batch.attempts)),
            *(option("deadline", f"{slug}={moment.isoformat()}") for slug, moment in batch.deadlines.items()),
            *some,
            *positional(batch.source),
        )

    def _refuse_rounds(self) -> None:
        if len(self._classroom.rounds()) > 1:
            raise UsageError(
                "these results are of several rounds, and a plan is of one download",
                hint="grade batch --plan writes one for each; --add --use-plan grades it",
            )

    def _lines(self, batch: Batch) -> list[PlanLine]:
        if self.path.is_file():
            return read_plan(self.path)
        with read_as_graded(batch, batch.source) as read:
            if read.plan is not None:
                return read_plan(read.plan)
            with tempfile.TemporaryDirectory(prefix="torchgrade-") as folder:
                words = [option("plan", str(Path(folder) / PLAN))]
                words += [option("layout", read.layout)] if read.layout is not None else []
                words += [option("roster", str(read.roster))] if read.roster is not None else []
                ran = self._commands.run("batch", *words, *positional(batch.source))
                if not ran.well:
                    raise UsageError(ran.told or "the plan could not be written")
                lines = read_plan(Path(folder) / PLAN)
            # Of the roster a plan keeps the people, and not where it lay for a moment.
            return [msgspec.structs.replace(each, file="") if each.file == str(read.roster) else each for each in lines]

    def _write(self, lines: list[PlanLine]) -> None:
        if self.path.is_symlink():
            raise UsageError(f"{self.path} is a link, and what it leads to is left as it is", hint="remove the link")
        if self.path.is_file():
            # One step back, for whoever edited it by hand.
            shutil.copyfile(self.path, self.path.with_suffix(".before.csv"))
        write_own(self.path, plan_file(lines), mode=PRIVATE_FILE)


def _slug(line: PlanLine, state: ClassState) -> str:
    """The problem that a line names by its slug, or by its number."""
    return next((slug for slug in state.problems if line.problem in (slug, slug.partition("-")[0])), line.problem)
