"""Grading with one problem's checks: pytest collects them once, then every submission is put before them."""

from __future__ import annotations

import os
import re
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, assert_never

import msgspec
import pytest

from grader.checking import blame, effort, figures, verdict
from grader.checking.plugin import Check, CheckPlugin
from grader.checking.recognition.known import KnownAnswers
from grader.checking.recorded import Recorder
from grader.checking.session.claims import StudentRaised
from grader.checking.session.examination import Examination
from grader.checking.session.lodging import CouldNotLoad
from grader.checking.session.memory import Memory
from grader.checking.session.transcript import Entry
from grader.common import logs
from grader.errors import GraderError, HarnessError, MissingWallError, ProblemFileError, RoomDied, RoomError
from grader.jobs import (
    CheckInfo,
    CheckJob,
    Described,
    DescribeJob,
    Job,
    JobOutcome,
    Recorded,
    RecordJob,
    Terms,
    fault_of,
    receive,
    send,
)
from grader.model import (
    CheckResult,
    Figure,
    Findings,
    Misconception,
    Outcome,
    Problem,
    SourceFile,
    Status,
    Submission,
    Visibility,
)
from grader.sandbox.channel import Channel
from grader.sandbox.session import Rooms

# pytest's own, minus what a check has no use for; each costs some milliseconds a submission.
_WITHOUT = ("cacheprovider", "logging", "terminal", "capture", "junitxml", "pastebin", "doctest", "faulthandler",
            "stepwise", "debugging", "unittest", "warnings", "threadexception", "unraisableexception")  # fmt: skip

_OPTIMIZERS = re.compile(rb"\boptim\b")


class _Ended(NamedTuple):
    """How one check ended for one submission."""

    raised: BaseException | None
    seconds: float
    killed: bool
    """Whether the room seems to have been killed for want of memory."""
    entries: list[Entry]


@dataclass(frozen=True)
class _Found:
    """What putting one submission before the checks has brought."""

    status: Status
    message: str
    results: list[CheckResult]
    transcript: dict[str, list[Entry]] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    suspects: tuple[Check, ...] = ()
    """Checks that could not use an answer: perhaps they can use none."""


class ProblemRunner:
    """One problem's process: its pytest session, and the transcripts of its known wrong answers."""

    def __init__(self, problem: Problem, rooms: Rooms, driver: Channel, first: bytes | None = None) -> None:
        self._problem = problem
        self._sandbox = rooms
        self._driver = driver
        self._first = first
        """A job that was received already, if any."""
        self._plugin = CheckPlugin(problem, self._serve)
        self._checks: list[Check] = []
        self._started_in = os.getcwd()
        self._warm = _warm(problem)
        self._known = KnownAnswers(problem, _data_source(problem), self._transcript_of)
        self._told: dict[str, Misconception] = {}
        self._memory = Memory()
        self._broken: dict[str, BaseException | None] = {}
        """Checks that were put before the reference, because an answer could not be used; what they raised."""

    def run(self) -> None:
        """Collect, then serve jobs until the driver hangs up."""
        effort.begin()
        folder = Path(self._problem.folder) / "checks"
        # From inside of it: pytest would take a bracket in the path for a parameter.
        os.chdir(folder)
        arguments = [".", "--rootdir", str(folder), "-c", os.devnull, "--import-mode=importlib"]
        arguments += [part for name in _WITHOUT for part in ("-p", f"no:{name}")]
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        # A check file is the author's code, but the folder may be read-only or belong to somebody else.
        os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
        try:
            code = pytest.main(arguments, plugins=[self._plugin])
        except BaseException as error:
            self._answer_with(error)
            return
        if not self._checks:
            why = "; ".join(self._plugin.collect_errors) or f"there are none (pytest exit code {int(code)})"
            self._answer_with(ProblemFileError(f"{self._problem.slug}/checks: {why}"))

    def _answer_with(self, error: BaseException) -> None:
        while self._next() is not None:
            send(self._driver, fault_of(error))

    def _serve(self, checks: list[Check]) -> None:
        self._checks = checks
        os.chdir(self._started_in)
        while (message := self._next()) is not None:
            job = msgspec.msgpack.decode(message, type=Job)
            try:
                outcome = self._outcome_of(job)
                logs.note(_logged(outcome))
            except Exception as error:
                outcome = fault_of(error)
                logs.note(traceback.format_exc())
            try:
                send(self._driver, outcome)
            except OSError:
                return  # The driver is gone, and nobody waits for this.

    def _next(self) -> bytes | None:
        first, self._first = self._first, None
        return first if first is not None else receive(self._driver)

    def _outcome_of(self, job: Job) -> JobOutcome:
        match job:
            case CheckJob():
                return self._check(job.submission, job.terms, job.walls)
            case RecordJob():
                return self._record(job.solution)
            case DescribeJob():
                return self._describe()
            case _:
                assert_never(job)

    def _describe(self) -> Described:
        self._refuse_unknown_operators()
        return Described(
            tuple(
                CheckInfo(check.id, check.title, check.visibility.value, check.points, check.hint, check.place)
                for check in self._checks
            )
        )

    def _refuse_unknown_operators(self) -> None:
        from grader.common.suggest import did_you_mean
        from grader.sandbox import operators

        for function, rule in self._problem.forbidden.items():
            for pattern in rule.operators:
                if not operators.matching(pattern):
                    known = sorted({name.split(".")[0] for name in operators.matching("*")})
                    raise ProblemFileError(
                        f"{self._problem.slug}/problem.yaml: forbidden.{function}.operators: torch has no operator "
                        f"{pattern}; {did_you_mean(pattern, known)[:200]}"
                    )

    # -- one submission --------------------------------------------------------------------------

    def _record(self, solution: Submission) -> Recorded:
        self._plugin.recorder = recorder = Recorder(self._problem.slug)
        try:
            findings = self._check(solution, Terms(public_only=True, recognise=False))
            return Recorded(findings, recorder.written())
        finally:
            self._plugin.recorder = None

    def _check(self, submission: Submission, terms: Terms, walls: tuple[str, ...] = ()) -> Findings:
        started = time.perf_counter()
        checks = [check for check in self._checks if not terms.public_only or _is_public(check)]
        examination = Examination(
            self._sandbox, self._problem, submission, warm=self._warm_for(submission), memory=self._memory
        )
        try:
            found = self._examine(terms, walls, checks, examination)
        finally:
            examination.end_room()
        self._refuse_broken_checks(found.suspects)
        misconceptions = self._recognise(found) if terms.recognise else []
        return Findings(
            status=found.status,
            message=found.message,
            checks=tuple(found.results),
            misconceptions=tuple(misconceptions),
            stdout=examination.lodging.output.text(),
            walls=examination.lodging.walls,
            data=_data_source(self._problem),
            duration_s=_told_duration(time.perf_counter() - started, checks),
            notes=verdict.notes(examination.lodging.loaded, examination.costs),
            figures=found.figures,
        )

    def _examine(self, terms: Terms, walls: tuple[str, ...], checks: list[Check], examination: Examination) -> _Found:
        """Load the submission and run the checks. Raises HarnessError for faults that are not the student's."""
        try:
            examination.lodging.open()
        except CouldNotLoad as error:
            _demand(walls, examination)
            status, message = verdict.could_not_load(error, self._problem.limits)
            return _Found(status, message, [verdict.not_run(check) for check in checks])
        _demand(walls, examination)
        results: list[CheckResult] = []
        transcript: dict[str, list[Entry]] = {}
        suspects = []
        for check, ended in self._run_checks(checks, examination):
            if ended.raised is not None and blame.is_the_authors(ended.raised):
                raise blame.check_error(check, ended.raised, self._problem)
            if blame.is_odd(ended.raised):
                suspects.append(check)
            results.append(self._judged(check, ended, terms.reveal))
            if isinstance(ended.raised, StudentRaised) and ended.raised.failed_place:
                examination.costs.setdefault(ended.raised.failed_place, []).append(check.title)
            if check.recognised:
                transcript[check.id] = ended.entries
        shown = figures.that_fit(self._plugin.recorded)
        return _Found(Status.GRADED, "", results, transcript, shown, tuple(suspects))

    def _judged(self, check: Check, ended: _Ended, reveal: bool) -> CheckResult:
        limits = self._problem.limits
        return verdict.judge(check, ended.raised, ended.seconds, limits, killed=ended.killed, reveal=reveal)

    def _warm_for(self, submission: Submission) -> tuple[str, ...]:
        # In a student kit there is no solution to tell by; a submission says itself what it uses.
        own = ("optimizers",) if not self._warm and _OPTIMIZERS.search(submission.main.content) else ()
        notebooks = ("notebooks",) if submission.main.name.lower().endswith(".ipynb") else ()
        return (*self._warm, *own, *notebooks)

    def _run_checks(self, checks: list[Check], examination: Examination) -> list[tuple[Check, _Ended]]:
        """Run the checks for one submission, one after another."""
        self._plugin.begin_submission(examination)
        ended = []
        try:
            for check, following in zip(checks, [*checks[1:], None], strict=True):
                if check.visibility is Visibility.HIDDEN:
                    examination.lodging.hide_output()
                examination.new_check()
                raised, seconds = self._run_item(check, following, examination)
                if isinstance(raised, GraderError) and not isinstance(raised, RoomError):
                    raise raised  # The grader's fault, or the author's.
                killed = isinstance(raised, RoomDied) and examination.lodging.killed_for_memory
                ended.append((check, _Ended(raised, seconds, killed, examination.entries)))
        finally:
            self._plugin.end_submission()
        return ended

    def _refuse_broken_checks(self, suspects: Iterable[Check]) -> None:
        """Raise CheckError where a check that could not use an answer cannot use the reference's either."""
        if self._problem.solution_folder is None:
            return
        for check in suspects:
            if check.id not in self._broken:
                self._broken[check.id] = self._raised_on_the_reference(check)
            raised = self._broken[check.id]
            if raised is not None:
                raise blame.check_error(check, raised, self._problem)

    def _raised_on_the_reference(self, check: Check) -> BaseException | None:
        path = Path(self._problem.solution_folder or "") / "solution.py"
        [(_, ended)] = self._run_known(path, [check])
        return ended.raised if blame.is_odd(ended.raised) else None

    def _run_item(
        self, check: Check, following: Check | None, examination: Examination
    ) -> tuple[BaseException | None, float]:
        started = time.perf_counter()
        try:
            with effort.bounded(self._problem.limits.check_seconds):
                raised, seconds = self._plugin.run_item(check, following)
        except effort.TookTooLong as error:  # As the check ended.
            raised, seconds = error, time.perf_counter() - started
        if isinstance(raised, effort.TookTooLong):
            # It may have been between a question and its answer: the next check gets another room.
            examination.end_room()
        return raised, seconds

    # -- misconceptions --------------------------------------------------------------------------

    def _recognise(self, found: _Found) -> list[Misconception]:
        if all(result.outcome is Outcome.PASSED for result in found.results) or not found.transcript:
            return []
        distinctions = self._known.distinctions()
        try:
            with effort.bounded(self._problem.limits.check_seconds):
                names = distinctions.recognise(found.transcript)
        except effort.TookTooLong:
            return []  # Answers that take so long to compare are nobody's honest mistake.
        return [self._in_words(name) for name in names]

    def _transcript_of(self, path: Path) -> dict[str, list[Entry]]:
        checks = [check for check in self._checks if check.recognised]
        return {check.id: ended.entries for check, ended in self._run_known(path, checks)}

    def _run_known(self, path: Path, checks: list[Check]) -> list[tuple[Check, _Ended]]:
        """Put a file of solutions/ before checks, in a room of its own."""
        submission = Submission(path.name, SourceFile("submission.py", path.read_bytes()))
        examination = Examination(self._sandbox, self._problem, submission, warm=self._warm, memory=self._memory)
        try:
            examination.lodging.open()
            return self._run_checks(checks, examination)
        except CouldNotLoad as error:
            raise HarnessError(f"{path} cannot be loaded: {error}") from error
        finally:
            examination.end_room()

    def _in_words(self, name: str) -> Misconception:
        if name not in self._told:
            path = Path(self._problem.solution_folder or "") / "misconceptions" / f"{name}.py"
            self._told[name] = told(name, path.read_text(encoding="utf-8"))
        return self._told[name]


def told(name: str, source: str) -> Misconception:
    """A misconception's title and advice, from its file's docstring: first line, and the rest."""
    import ast
    import inspect

    words = inspect.cleandoc(ast.get_docstring(ast.parse(source)) or name)
    title, _, advice = words.partition("\n")
    return Misconception(name, title.strip().rstrip("."), " ".join(advice.split()))


def _told_duration(seconds: float, checks: list[Check]) -> float:
    """Of a whole grading, rounded; but to read that it took no time at all would be odd."""
    return verdict.told_seconds(seconds, visible=all(map(_is_public, checks))) or 0.1


def _is_public(check: Check) -> bool:
    return check.visibility is Visibility.PUBLIC


def _demand(walls: tuple[str, ...], examination: Examination) -> None:
    lacking = [wall for wall in walls if wall not in examination.lodging.walls]
    if lacking:
        reasons = ", ".join(f"{wall} ({examination.lodging.missing_walls.get(wall, 'not raised')})" for wall in lacking)
        raise MissingWallError(
            f"a wall of the sandbox is missing: {reasons}",
            hint="grade doctor says how to raise it; --sandbox auto grades with what stands",
        )


def _warm(problem: Problem) -> tuple[str, ...]:
    """Slow first uses that this problem's checks or its solution are about to make."""
    folders = [Path(problem.folder) / "checks", *([Path(problem.solution_folder)] if problem.solution_folder else [])]
    texts = (path.read_bytes() for folder in folders for path in folder.glob("*.py"))
    return ("optimizers",) if any(b"optim." in text for text in texts) else ()


def _data_source(problem: Problem) -> Literal["mnist", "drawn"] | None:
    if problem.data is None:
        return None
    from grader import data

    return data.load().source


def _logged(outcome: JobOutcome) -> str:
    """What the log says of a job's outcome: how each check ended, and nothing of what it asked."""
    if not isinstance(outcome, Findings):
        return type(outcome).__name__
    checks = [f"{check.id}: {check.outcome}, {check.duration_s:.3f} s" for check in outcome.checks]
    return "\n".join([f"{outcome.status} {outcome.message}", *checks])
