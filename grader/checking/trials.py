"""Submissions before the checks: one after another, each with rooms of its own."""

from __future__ import annotations

import re
import time
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader.checking import effort
from grader.checking.checks import Check
from grader.checking.plugin import CheckPlugin
from grader.checking.session.examination import Examination
from grader.checking.session.lodging import CouldNotLoad
from grader.checking.session.transcript import TranscriptEntry
from grader.errors import GraderError, HarnessError, RoomDied, RoomError
from grader.model import Limits, Problem, SourceFile, Submission, Visibility
from grader.problem import variants
from grader.sandbox.session import Rooms
from grader.sandbox.warm import importing

_OPTIMIZERS = re.compile(rb"\boptim\b")


class Ending(NamedTuple):
    """How one check ended for one submission."""

    raised: BaseException | None
    seconds: float
    killed: bool
    """Whether the room seems to have been killed for want of memory."""
    entries: list[TranscriptEntry]
    """What the check has seen."""
    transcript: list[TranscriptEntry]
    """The same, and what it left unread when it gave up."""
    earned: float
    """Points of its parts that came off well, where it has parts."""
    compared: bool
    """Whether the check has asked an object of the submission's if it equals a value of the check's own."""


class Trials:
    """Puts submissions before the checks of one problem."""

    def __init__(self, problem: Problem, rooms: Rooms, plugin: CheckPlugin) -> None:
        self._problem = problem
        self._rooms = rooms
        self._plugin = plugin
        self._warm = _warm(problem)
        self._compares: dict[str, bool] = {}
        """Check's id -> whether the reference's object is compared there with a value of the check's own."""

    def examination(self, submission: Submission, limits: Limits | None = None) -> Examination:
        """The state of one submission; its first room is not open yet. `limits` may be others than the problem's."""
        problem = self._problem if limits is None else msgspec.structs.replace(self._problem, limits=limits)
        return Examination(self._rooms, problem, submission, warm=self._warm_for(submission))

    def run(
        self, checks: list[Check], examination: Examination, *, until_lost: bool = False
    ) -> list[tuple[Check, Ending]]:
        """Run the checks for one submission, one after another; with `until_lost`, only up to the first that fails.

        An object of the submission's does not say whether it equals a value of the check's own, unless the check asks
        the reference's object that, too: then the check is run again.
        """
        ended = self._run(checks, examination, until_lost=until_lost)
        doubtful = [check for check, end in ended if end.compared and check.id not in self._compares]
        if not doubtful or self._problem.solution_folder is None:
            return ended
        examination.end_room()  # There is one room at a time.
        solution = Path(self._problem.solution_folder) / "solution.py"
        self._compares |= {check.id: right.compared for check, right in self.run_known(solution, doubtful)}
        again = [check for check in doubtful if self._compares[check.id]]
        second = {check.id: end for check, end in self._run(again, examination)} if again else {}
        return [(check, second.get(check.id, end)) for check, end in ended]

    def run_known(self, path: Path, checks: list[Check]) -> list[tuple[Check, Ending]]:
        """Put a file of solutions/ before checks, in a room of its own."""
        submission = Submission(path.name, SourceFile("submission.py", variants.source(path)))
        examination = self.examination(submission)
        try:
            examination.lodging.open()
            return self._run(checks, examination, known=True)
        except CouldNotLoad as error:
            raise HarnessError(f"{path} cannot be loaded: {error}") from error
        finally:
            examination.end_room()

    def _run(
        self, checks: list[Check], examination: Examination, *, known: bool = False, until_lost: bool = False
    ) -> list[tuple[Check, Ending]]:
        self._plugin.begin_submission(examination)
        # A kit holds no solution to tell by, and no hidden check either.
        otherwise = known or self._problem.solution_folder is None
        ended = []
        try:
            for check, following in zip_longest(checks, checks[1:]):
                if check.visibility is Visibility.HIDDEN:
                    examination.lodging.hide_output()
                examination.new_check(may_compare=otherwise or self._compares.get(check.id, False))
                raised, seconds = self._run_check(check, following, examination)
                if isinstance(raised, GraderError) and not isinstance(raised, RoomError):
                    raise raised  # The grader's fault, or the author's.
                killed = isinstance(raised, RoomDied) and examination.lodging.killed_for_memory
                earned = self._plugin.supply.credit.earned
                entries, transcript = examination.entries, examination.whole_transcript()
                end = Ending(raised, seconds, killed, entries, transcript, earned, examination.compared)
                ended.append((check, end))
                if until_lost and raised is not None and not end.compared:
                    break
        finally:
            self._plugin.end_submission()
        return ended

    def _run_check(
        self, check: Check, following: Check | None, examination: Examination
    ) -> tuple[BaseException | None, float]:
        started = time.perf_counter()
        try:
            with effort.bounded(self._problem.limits.check_seconds):
                raised, seconds = self._plugin.run_check(check, following)
        except effort.TookTooLong as error:  # As the check ended.
            raised, seconds = error, time.perf_counter() - started
        if isinstance(raised, effort.TookTooLong):
            # What the student returned took that time: it counts as the student's own, and the whole cost is bounded.
            examination.budget.spend(self._problem.limits.check_seconds)
            # It may have been between a question and the reply: the next check gets another room.
            examination.end_room()
        return raised, seconds

    def _warm_for(self, submission: Submission) -> tuple[str, ...]:
        # In a student kit there is no solution to tell by; a submission says itself what it uses.
        own = ("optimizers",) if not self._warm and _OPTIMIZERS.search(submission.main.content) else ()
        notebooks = ("notebooks",) if submission.main.name.lower().endswith(".ipynb") else ()
        return (*self._warm, *own, *notebooks, *map(importing, self._problem.preload))


def _warm(problem: Problem) -> tuple[str, ...]:
    """What this problem's checks or its solution are about to use, and what is slow at its first use."""
    folders = [Path(problem.folder) / "checks", *([Path(problem.solution_folder)] if problem.solution_folder else [])]
    texts = (path.read_bytes() for folder in folders for path in folder.glob("*.py"))
    return ("optimizers",) if any(b"optim." in text for text in texts) else ()
