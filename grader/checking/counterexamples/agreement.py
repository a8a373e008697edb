"""What `grade verify` finds out by inputs.py: whether its inputs are legal, and all right answers give the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.checking.counterexamples.asked import AskedByChecks
from grader.checking.counterexamples.inputs import path_of
from grader.checking.counterexamples.own_room import Enough, OwnRoom
from grader.checking.counterexamples.search import ReferenceRaised, Search, WrongAnswer
from grader.checking.counterexamples.showing import Counterexamples
from grader.errors import ProblemFileError
from grader.model import Problem, Submission


def kept(problem: Problem, examples: Counterexamples, asked: AskedByChecks) -> tuple[list[str], list[str]]:
    """The broken promises, and what else an author may want to know; one sentence each."""
    where = f"solutions/{problem.slug}/inputs.py"
    if path_of(problem) is None:
        return [], [f"{where}: there is none; who fails hidden checks alone is shown no input"]
    try:
        search = examples.search()
    except ProblemFileError as error:
        return [error.message], []
    broken = _illegal(where, search) or _unlike(problem, search, examples)
    remarks = []
    if search.forgotten:
        names = ", ".join(search.forgotten)
        remarks.append(f"{where}: gives no input for {names}; INPUTS may, or WITHOUT may say why not")
    unseen = examples.witnesses(asked).without_any() if not broken and search.functions else []
    if unseen:
        remarks.append(f"{where}: no input shows {', '.join(unseen)}")
    return broken, remarks


def _illegal(where: str, search: Search) -> list[str]:
    """Functions for which something is made that the reference does not take, or nothing at all."""
    sentences = []
    for function in search.functions:
        try:
            search.series(function)
        except ReferenceRaised as raised:
            what = f"{type(raised.error).__name__}: {raised.error}"
            sentences.append(
                f"{where}: {function}: {raised.case.call.text} is no legal input: the reference raises {what}"
            )
        except ProblemFileError as error:
            sentences.append(error.message)
        except Exception as error:  # The author's own code, and hypothesis on it.
            sentences.append(f"{where}: {function}: makes no inputs: {type(error).__name__}: {error}")
    return sentences


def _unlike(problem: Problem, search: Search, examples: Counterexamples) -> list[str]:
    """Right answers that differ from the reference's."""
    solutions = Path(problem.solution_folder or "")
    sentences = []
    for path in (solutions / "solution.py", *sorted((solutions / "alternatives").glob("*.py"))):
        try:
            with examples.known(path) as room:
                sentences += [_told(path.name, found) for found in _differences(search, room)]
        except Enough:
            sentences.append(
                f"{path.name}: cannot be asked about what inputs.py gives: it did not load, or not in time"
            )
    return sentences


def differences(submission: Submission, examples: Counterexamples) -> list[str]:
    """Where a submission differs from the reference: the smallest input of each function. Raises ProblemFileError."""
    search = examples.search()
    try:
        with examples.room_of(submission) as room:
            return [_told(submission.main.name, found) for found in _differences(search, room)]
    except Enough:
        return [f"{submission.main.name}: does not load, or not in time"]


def _differences(search: Search, room: OwnRoom) -> Iterator[WrongAnswer]:
    for function in search.functions:
        found = search.smallest(room, function, None)
        if found is not None:
            yield found


def _told(name: str, found: WrongAnswer) -> str:
    mismatch = found.mismatch
    return (
        f"{name}: {mismatch.called} gives {mismatch.actual}, and the reference {mismatch.expected}; "
        "one of them is wrong, or inputs.py gives what is not legal"
    )
