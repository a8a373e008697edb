"""What one problem's process shows of inputs: the witness of each recognised misconception, or a counterexample."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from grader.checking.counterexamples.asked import AskedByChecks
from grader.checking.counterexamples.inputs import path_of, read_inputs
from grader.checking.counterexamples.own_room import Answered, Enough, OwnRoom, brief
from grader.checking.counterexamples.search import Search, in_order
from grader.checking.counterexamples.witnesses import Witness, Witnesses, witness_of
from grader.checking.session.examination import Examination
from grader.checking.session.transcript import Transcript
from grader.common import logs
from grader.errors import HarnessError
from grader.model import (
    CheckResult,
    Counterexample,
    Limits,
    Mismatch,
    Outcome,
    Problem,
    SourceFile,
    Submission,
    Visibility,
)
from grader.problem import variants

_MOST_SHOWN = 3
_SECONDS_FOR_AN_AUTHOR = 60.0

Opener = Callable[[Submission, Limits], Examination]
"""A new examination of a submission, with limits of its own."""


class Counterexamples:
    """Finds them. Whatever goes wrong with that costs nobody a grade; `grade verify` tells it."""

    def __init__(
        self, problem: Problem, solution: Callable[[], Any], opened: Opener, *, thorough: bool = False
    ) -> None:
        self._problem = problem
        self._solution = solution
        self._opened = opened
        self._thorough = thorough
        """Whether an author asks, and not a student who waits."""
        self._found: Search | None = None
        self._witnesses: Witnesses | None = None
        self._fresh: dict[str, list[Witness]] = {}

    @property
    def wanted(self) -> bool:
        """Whether the problem has inputs, and its course wants them shown."""
        return self._problem.counterexamples and path_of(self._problem) is not None

    def shown(
        self, submission: Submission, misconceptions: Sequence[str], functions: Sequence[str], asked: AskedByChecks
    ) -> tuple[Counterexample, ...]:
        """The witnesses of the recognised `misconceptions`; else the smallest counterexample in `functions`."""
        try:
            return self._shown(submission, misconceptions, functions, asked)
        except Enough:
            return ()
        except Exception:
            logs.note(traceback.format_exc())
            return ()

    def _shown(
        self, submission: Submission, misconceptions: Sequence[str], functions: Sequence[str], asked: AskedByChecks
    ) -> tuple[Counterexample, ...]:
        # Looked for before the submission's room opens: there is one room at a time.
        known = {name: self._fresh_of(name, asked) for name in misconceptions[:_MOST_SHOWN]}
        if not any(known.values()) and (not functions or self._no_input_shows(misconceptions, asked)):
            return ()
        shown: list[Counterexample] = []
        with OwnRoom(self._opened(submission, brief(self._problem.limits))) as room:
            for name, witnesses in known.items():
                with contextlib.suppress(StopIteration):
                    shown.append(next(_seen(room, name, witnesses)))
            if not shown and functions:
                search = self.search()
                for function in in_order(functions, search):
                    found = search.smallest(room, function, asked)
                    if found is not None:
                        return (_example(function, found.mismatch, found.said),)
        return tuple(shown)

    def search(self) -> Search:
        """The problem's inputs, read once. Raises ProblemFileError."""
        if self._found is None:
            inputs = read_inputs(self._problem)
            if inputs is None:
                raise HarnessError(f"{self._problem.slug} has no inputs.py")
            self._found = Search(inputs, self._solution())
        return self._found

    def witnesses(self, asked: AskedByChecks) -> Witnesses:
        """Those of the misconceptions; none of them is what a hidden check has `asked`."""
        if self._witnesses is None:
            self._witnesses = Witnesses(self._problem, lambda path: self._witnesses_in(path, asked))
        return self._witnesses

    def _fresh_of(self, name: str, asked: AskedByChecks) -> list[Witness]:
        """A misconception's witnesses; what hidden checks ask is the same for every submission."""
        if name not in self._fresh:
            self._fresh[name] = self._without_asked(self.witnesses(asked).of(name), asked)
        return self._fresh[name]

    def _no_input_shows(self, misconceptions: Sequence[str], asked: AskedByChecks) -> bool:
        """Whether mistakes were recognised, and no search has found an input that shows one of them."""
        witnesses = self.witnesses(asked)
        return bool(misconceptions) and not any(witnesses.of(name) for name in misconceptions)

    def _without_asked(self, witnesses: Sequence[Witness], asked: AskedByChecks) -> list[Witness]:
        return [witness for witness in witnesses if not asked.has(witness.case)]

    def _witnesses_in(self, path: Path, asked: AskedByChecks) -> list[Witness]:
        """The smallest wrong answer of each function of a misconception's file."""
        search = self.search()
        if not search.functions:
            return []
        found = []
        with contextlib.suppress(Enough), self.known(path) as room:
            for function in search.functions:
                smallest = search.smallest(room, function, asked)
                if smallest is not None:
                    found.append(witness_of(smallest))
        return found

    def known(self, path: Path) -> OwnRoom:
        """A file of solutions/, to be asked."""
        return self.room_of(Submission(path.name, SourceFile("submission.py", variants.source(path))))

    def room_of(self, submission: Submission) -> OwnRoom:
        """A submission, to be asked."""
        limits = self._problem.limits
        if self._thorough:
            return OwnRoom(self._opened(submission, limits), seconds=_SECONDS_FOR_AN_AUTHOR)
        return OwnRoom(self._opened(submission, brief(limits)))


def _seen(room: OwnRoom, name: str, witnesses: Sequence[Witness]) -> Any:
    for witness in witnesses:
        said = room.ask(witness.case)
        if said is not None and witness.is_shown_by(said):
            yield _example(witness.case.function, witness.mismatch, said, name)


def _example(function: str, mismatch: Mismatch, said: Answered, misconception: str = "") -> Counterexample:
    traceback_of_it = said.raised.traceback() if said.raised is not None else ""
    return Counterexample(function, mismatch, misconception, traceback_of_it)


def functions_to_try(results: Sequence[CheckResult], transcript: Transcript) -> list[str]:
    """The functions that hidden checks asked in vain, where no public check fails; none where one does.

    A function that once gave no answer, because the room died of it or what it does is forbidden, is left alone.
    """
    failed = [result for result in results if result.outcome is not Outcome.PASSED]
    if any(result.visibility is Visibility.PUBLIC for result in failed):
        return []
    entries = [entry for result in failed for entry in transcript.get(result.id, ())]
    lost = {entry.function for entry in entries if entry.kind == "lost"}
    return [function for function in dict.fromkeys(entry.function for entry in entries) if function not in lost]
