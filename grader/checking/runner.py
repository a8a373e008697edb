"""Grading with one problem's checks: pytest collects them once, then one submission after another comes before them."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, assert_never

import msgspec
import pytest

from grader.checking import blame, effort, figures, verdict
from grader.checking.checks import Check
from grader.checking.counterexamples.asked import AskedByChecks
from grader.checking.counterexamples.inputs import path_of
from grader.checking.counterexamples.search import signature_in
from grader.checking.counterexamples.showing import Counterexamples, functions_to_try
from grader.checking.forgotten import forgotten_return
from grader.checking.plugin import CheckPlugin
from grader.checking.recognition.advice import in_words
from grader.checking.recognition.known import KnownAnswers
from grader.checking.recognition.sealed import open_sealed, seal
from grader.checking.recording import Recorder
from grader.checking.session.claims import StudentRaised
from grader.checking.session.examination import Examination
from grader.checking.session.lodging import CouldNotLoad
from grader.checking.session.transcript import Transcript, TranscriptEntry
from grader.checking.trials import Ending, Trials
from grader.common import logs
from grader.data import PROVIDERS
from grader.errors import GraderError, MissingWallError, ProblemFileError
from grader.jobs import (
    CheckInfo,
    CheckJob,
    CompareJob,
    Described,
    DescribeJob,
    Differences,
    InputsJob,
    InputsReport,
    Job,
    JobOutcome,
    Known,
    KnownJob,
    Recorded,
    RecordJob,
    Terms,
    fault_of,
    receive,
    send,
)
from grader.model import (
    CheckResult,
    Counterexample,
    Figure,
    Findings,
    Misconception,
    Outcome,
    Problem,
    Status,
    Submission,
    Visibility,
)
from grader.problem.load import SEALED, known_answers_name
from grader.problem.packages import demand
from grader.problem.variants import misconception_of
from grader.sandbox.channel import Channel
from grader.sandbox.session import Rooms

# pytest's own, minus what a check has no use for; each costs some milliseconds a submission.
_WITHOUT = ("cacheprovider", "logging", "terminal", "capture", "junitxml", "pastebin", "doctest", "faulthandler",
            "stepwise", "debugging", "unittest", "warnings", "threadexception", "unraisableexception")  # fmt: skip


@dataclass(frozen=True)
class _Found:
    """What putting one submission before the checks has brought."""

    status: Status
    message: str
    results: list[CheckResult]
    transcript: dict[str, list[TranscriptEntry]] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    suspects: tuple[Check, ...] = ()
    """Checks that could not use a reply: perhaps they can use none."""


class ProblemRunner:
    """One problem's process: its pytest session, and the transcripts of its known wrong answers."""

    def __init__(self, problem: Problem, rooms: Rooms, driver: Channel, first: bytes | None = None) -> None:
        self._problem = problem
        self._driver = driver
        self._first = first
        """A job that was received already, if any."""
        self._plugin = CheckPlugin(problem, self._serve)
        self._trials = Trials(problem, rooms, self._plugin)
        self._checks: list[Check] = []
        self._started_in = os.getcwd()
        self._known = KnownAnswers(problem, _data_source(problem), self._transcript_of)
        self._examples = Counterexamples(problem, self._plugin.supply.solution, self._trials.examination)
        self._asked_by_checks: AskedByChecks | None = None
        self._broken: dict[str, BaseException | None] = {}
        """Checks that came before the reference because they could not use a reply -> what they raised there."""
        self._comparing: Counterexamples | None = None
        self._failures: Counter[str] = Counter()
        """Check's id -> how many submissions have failed it here."""

    def run(self) -> None:
        """Collect, then serve jobs until the driver hangs up."""
        effort.begin()
        folder = Path(self._problem.folder) / "checks"
        # From inside of it: pytest would take a bracket in the path for a parameter.
        os.chdir(folder)
        # Checks import what stands beside them; this process serves no other problem.
        sys.path.insert(0, str(folder))
        # Nothing above it is looked at: neither anybody's conftest.py nor files that come and go there.
        above = ["--rootdir", str(folder), "--confcutdir", str(folder), "-c", os.devnull]
        arguments = [".", *above, "--import-mode=importlib"]
        arguments += [part for name in _WITHOUT for part in ("-p", f"no:{name}")]
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        # A check file is the author's code, but the folder may be read-only or belong to somebody else.
        os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
        try:
            demand(self._problem)
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
        if self._problem.files:
            # The reference finds beside it what a student's answer finds there.
            os.chdir(self._problem.folder)
            if any(name.endswith(".py") for name in self._problem.files):
                sys.path.insert(0, self._problem.folder)
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
            case KnownJob():
                return self._known_answers(job.anew)
            case InputsJob():
                return self._inputs()
            case CompareJob():
                return self._compared(job.submission)
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
        from grader.sandbox import torch_operators

        for function, rules in self._problem.forbidden.items():
            for pattern in (pattern for rule in rules for pattern in rule.operators):
                if not torch_operators.matching(pattern):
                    known = sorted({name.split(".")[0] for name in torch_operators.matching("*")})
                    raise ProblemFileError(
                        f"{self._problem.slug}/problem.yaml: forbidden.{function}.operators: torch has no operator "
                        f"{pattern}; {did_you_mean(pattern, known)[:200]}"
                    )

    # -- one submission --------------------------------------------------------------------------

    def _record(self, solution: Submission) -> Recorded:
        self._plugin.supply.recorder = recorder = Recorder(self._problem.slug)
        try:
            findings = self._check(solution, Terms(public_only=True, recognise=False))
            return Recorded(findings, recorder.written())
        finally:
            self._plugin.supply.recorder = None

    def _check(self, submission: Submission, terms: Terms, walls: tuple[str, ...] = ()) -> Findings:
        started = time.perf_counter()
        checks = [check for check in self._checks if not terms.public_only or _is_public(check)]
        examination = self._trials.examination(submission)
        try:
            found = self._examine(terms, walls, checks, examination)
        finally:
            examination.end_room()
        self._refuse_broken_checks(found.suspects)
        misconceptions = self._recognise(found) if terms.recognise else []
        shown = self._counterexamples(submission, found, misconceptions) if terms.recognise else ()
        return Findings(
            status=found.status,
            message=found.message,
            checks=tuple(found.results),
            misconceptions=tuple(misconceptions),
            stdout=examination.lodging.output.text(),
            walls=examination.lodging.walls,
            data=_data_source(self._problem),
            duration_s=_rounded(time.perf_counter() - started, checks),
            notes=verdict.notes(examination.lodging.loaded, examination.costs),
            figures=found.figures,
            counterexamples=shown,
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
        transcript: dict[str, list[TranscriptEntry]] = {}
        suspects = []
        if terms.until_lost:
            checks = sorted(checks, key=lambda check: -self._failures[check.id])
        for check, ended in self._trials.run(checks, examination, until_lost=terms.until_lost):
            if ended.raised is not None and blame.is_the_authors(ended.raised):
                raise blame.check_error(check, ended.raised, self._problem)
            if blame.is_odd(ended.raised):
                suspects.append(check)
            results.append(self._judged(check, ended, terms.reveal, examination))
            self._failures[check.id] += ended.raised is not None
            if isinstance(ended.raised, StudentRaised) and ended.raised.failed_place:
                examination.costs.setdefault(ended.raised.failed_place, []).append(check.title)
            if check.recognised:
                transcript[check.id] = ended.transcript
        results += [verdict.not_run(check) for check in checks[len(results) :]]
        shown = figures.that_fit(self._plugin.supply.figures)
        return _Found(Status.GRADED, "", results, transcript, shown, tuple(suspects))

    def _judged(self, check: Check, ended: Ending, reveal: bool, examination: Examination) -> CheckResult:
        limits, silent = self._problem.limits, examination.lodging.loaded.silent
        forgotten = forgotten_return(ended.raised, ended.entries, self._problem.returning, silent)
        result = verdict.judge(
            check, ended.raised, ended.seconds, limits, killed=ended.killed, reveal=reveal, forgotten=forgotten
        )
        return verdict.with_parts(result, ended.earned)

    def _refuse_broken_checks(self, suspects: Sequence[Check]) -> None:
        """Raise CheckError where a check that could not use a reply cannot use the reference's either."""
        if self._problem.solution_folder is None:
            return
        if unknown := [check for check in suspects if check.id not in self._broken]:
            for check, ended in self._trials.run_known(self._solution_path(), unknown):
                self._broken[check.id] = ended.raised if blame.is_odd(ended.raised) else None
        for check in suspects:
            if (raised := self._broken[check.id]) is not None:
                raise blame.check_error(check, raised, self._problem)

    # -- misconceptions --------------------------------------------------------------------------

    def _recognise(self, found: _Found) -> list[Misconception]:
        if all(result.outcome is Outcome.PASSED for result in found.results) or not found.transcript:
            return []
        if self._problem.solution_folder is None:
            return self._opened(found.transcript)
        distinctions = self._known.distinctions(found.transcript)
        lost = {result.id: result.max_points - result.points for result in found.results}
        try:
            with effort.bounded(self._problem.limits.check_seconds):
                names = distinctions.recognise(found.transcript, lost)
        except effort.TookTooLong:
            return []  # Replies that take so long to compare are nobody's honest mistake.
        folder = Path(self._problem.solution_folder or "") / "misconceptions"
        return [in_words(folder / f"{name}.py") for name in names]

    def _opened(self, transcript: Transcript) -> list[Misconception]:
        """In a student kit: the misconceptions whose seal these replies open."""
        path = Path(self._problem.folder) / SEALED
        if not path.is_file():
            return []
        try:
            with effort.bounded(self._problem.limits.check_seconds):
                return open_sealed(self._problem.slug, path.read_bytes(), transcript)
        except effort.TookTooLong:
            return []

    def _counterexamples(
        self, submission: Submission, found: _Found, misconceptions: list[Misconception]
    ) -> tuple[Counterexample, ...]:
        """The witnesses of what was recognised, or where hidden checks alone fail, the smallest wrong answer."""
        functions = functions_to_try(found.results, found.transcript)
        unseen = self._unseen(found, misconceptions)
        if not self._examples.wanted or not (functions or unseen):
            return ()
        try:
            with effort.bounded(self._problem.limits.check_seconds):
                return self._examples.shown(submission, unseen, functions, self._asked())
        except (effort.TookTooLong, GraderError) as error:
            logs.note(f"no counterexample is looked for: {type(error).__name__}: {error}")
            return ()

    def _unseen(self, found: _Found, misconceptions: list[Misconception]) -> list[str]:
        """The misconceptions that no failed public check shows, with its input and its picture."""
        failed = {
            result.id
            for result in found.results
            if result.visibility is Visibility.PUBLIC and result.outcome is not Outcome.PASSED
        }
        if not failed or self._problem.solution_folder is None:
            return [each.id for each in misconceptions]
        shown = self._known.distinctions(found.transcript).checks_that_show
        return [each.id for each in misconceptions if not failed & shown(each.id)]

    def _asked(self) -> AskedByChecks:
        """What hidden checks ask, found out once: of the reference they ask everything."""
        if self._asked_by_checks is None:
            reference, _ = self._known.transcripts()
            if not reference:  # A problem without misconceptions.
                reference = self._transcript_of(self._solution_path())
            hidden = [check.id for check in self._checks if not _is_public(check)]
            solution = self._plugin.supply.solution()
            self._asked_by_checks = AskedByChecks(reference, hidden, lambda name: signature_in(solution, name))
        return self._asked_by_checks

    def _compared(self, submission: Submission) -> Differences:
        from grader.checking.counterexamples import agreement

        if path_of(self._problem) is None:
            return Differences((), inputs=False)
        if self._comparing is None:  # One for all: it keeps the inputs, and what the reference answers to them.
            self._comparing = Counterexamples(
                self._problem, self._plugin.supply.solution, self._trials.examination, thorough=True
            )
        return Differences(tuple(agreement.differences(submission, self._comparing)), inputs=True)

    def _inputs(self) -> InputsReport:
        from grader.checking.counterexamples import agreement

        self._known.settle(anew=False)
        asked = self._asked()
        self._examples = Counterexamples(
            self._problem, self._plugin.supply.solution, self._trials.examination, thorough=True
        )
        broken, remarks = agreement.kept(self._problem, self._examples, asked)
        kept = b"" if broken or path_of(self._problem) is None else self._examples.witnesses(asked).to_keep()
        return InputsReport(tuple(broken), tuple(remarks), kept)

    def _known_answers(self, anew: bool) -> Known:
        self._known.settle(anew)
        content = self._known.to_keep()
        reference, known = self._known.transcripts()
        public = [check.id for check in self._checks if _is_public(check)]
        folder = Path(self._problem.solution_folder or "") / "misconceptions"
        words = {name: in_words(folder / f"{misconception_of(name)}.py") for name in known}
        sealed = seal(
            self._problem.slug, _of(reference, public), {name: _of(each, public) for name, each in known.items()}, words
        )
        return Known(known_answers_name(_data_source(self._problem)), content, sealed)

    def _solution_path(self) -> Path:
        return Path(self._problem.solution_folder or "") / "solution.py"

    def _transcript_of(self, path: Path) -> dict[str, list[TranscriptEntry]]:
        checks = [check for check in self._checks if check.recognised]
        return {check.id: ended.transcript for check, ended in self._trials.run_known(path, checks)}


def _rounded(seconds: float, checks: list[Check]) -> float:
    """The seconds of a whole grading, rounded, but never to nothing: nobody believes that it took no time at all."""
    return verdict.told_seconds(seconds, visible=all(map(_is_public, checks))) or 0.1


def _of(transcript: Transcript, checks: Iterable[str]) -> Transcript:
    """The part of a transcript that is of these checks."""
    return {check: transcript[check] for check in checks if check in transcript}


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


def _data_source(problem: Problem) -> Literal["mnist", "drawn"] | None:
    if problem.data is None:
        return None
    source: Literal["mnist", "drawn"] = PROVIDERS[problem.data].load().source
    return source


def _logged(outcome: JobOutcome) -> str:
    """What the log says of a job's outcome: how each check ended, and nothing of what it asked."""
    if not isinstance(outcome, Findings):
        return type(outcome).__name__
    checks = [f"{check.id}: {check.outcome}, {check.duration_s:.3f} s" for check in outcome.checks]
    return "\n".join([f"{outcome.status} {outcome.message}", *checks])
