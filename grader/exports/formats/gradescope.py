"""Gradescope: ``results.json`` as its autograder specification defines it, one per student and problem.

Gradescope takes such a file from an autograder for one submission; a class's results cannot be uploaded in
one piece. The files are for an autograder that looks its result up, and for those who script the upload.

Hidden checks are shown by title, points and hint, as everywhere else; hiding them in Gradescope's sense would
hide the total as well. Whose hand-in answers nothing has a file, too, without points and with the reason.
"""

from __future__ import annotations

from typing import Any

import msgspec

from grader.exports.model import (
    ExportedCheck,
    ExportFormat,
    ExportRequest,
    Filled,
    Gradebook,
    Person,
    Result,
    Unmatched,
    UnmatchedKind,
)
from grader.exports.writing import safe_name
from grader.model import Outcome, Status
from grader.reports.shown import part_sentence, ruling_sentence
from grader.reports.wording import signed

RESULTS = "results.json"


def results_json(result: Result) -> bytes:
    """One submission's result as Gradescope reads it."""
    return encoded(
        score=result.score,
        seconds=result.duration_s,
        output=overall(result),
        tests=tests_of(result),
        extra={"problem": result.problem, "status": result.status, "max_score": result.max_score},
    )


def tests_of(result: Result) -> list[dict[str, Any]]:
    """Checks, and manual parts that somebody has graded, as test cases."""
    tests = [case(str(number), check) for number, check in enumerate(result.checks, 1)]
    for part in result.manual:
        if part.points is not None:
            tests.append(
                {
                    "number": str(len(tests) + 1),
                    "name": part.title,
                    "score": _rounded(part.points),
                    "max_score": _rounded(part.max_points),
                    "status": "passed" if part.points >= part.max_points else "failed",
                    "output": part_sentence(part),
                    "visibility": "visible",
                    "extra_data": {"id": part.id},
                }
            )
    return tests


def encoded(*, score: float, seconds: float, output: str, tests: list[dict[str, Any]], extra: dict[str, Any]) -> bytes:
    """A results.json in which nothing but `output` and `tests` is shown to students."""
    data = {
        "score": _rounded(score),
        # No finer than in result.json: how long a hidden check takes says what it asks.
        "execution_time": round(seconds, 1) or 0.1,
        "output": output,
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": extra,
        "tests": tests,
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n"


def files(gradebook: Gradebook) -> dict[tuple[str, str], bytes]:
    """(student id, problem) -> results.json, for everyone in the class."""
    return {
        (person.student.id, problem.slug): results_json(person.results[problem.slug])
        for person in gradebook.people
        for problem in gradebook.problems
        if problem.slug in person.results
    }


def reasons(gradebook: Gradebook) -> dict[tuple[str, str], bytes]:
    """(student id, problem) -> a results.json without points that says why, for whom nothing could be graded."""
    return {
        (person.student.id, problem.slug): encoded(
            score=0.0,
            seconds=0.0,
            output=f"Nothing was graded: {person.why_not(problem.slug)}.",
            tests=[],
            extra={"problem": problem.slug, "status": "nothing to grade", "max_score": problem.points},
        )
        for person in gradebook.people
        for problem in gradebook.problems
        if problem.slug not in person.results and _is_told(person, problem.slug)
    }


def _is_told(person: Person, problem: str) -> bool:
    """Whether there is a reason why there is no result."""
    return bool(person.remarks.get(problem) or person.remarks.get(""))


def overall(result: Result) -> str:
    """What concerns the submission as a whole, for its student."""
    parts = []
    if result.status is not Status.GRADED:
        parts.append(f"The submission could not be graded ({result.status.replace('_', ' ')}).")
    parts += [result.message, *result.notes]
    parts += [f"{result.waiting[:1].upper()}{result.waiting[1:]}."] if result.waiting else []
    parts += [f"{signed(ruling.points)} points: {ruling_sentence(ruling)}" for ruling in result.rulings]
    parts += [f"{found.title}\n{found.advice}" for found in result.misconceptions]
    return "\n\n".join(part for part in parts if part)


def case(number: str, check: ExportedCheck) -> dict[str, Any]:
    """One check as one of Gradescope's test cases."""
    passed = check.outcome is Outcome.PASSED
    output = "" if passed else "\n\n".join(part for part in (check.message, check.hint) if part)
    return {
        "number": number,
        "name": check.title,
        "score": _rounded(check.points),
        "max_score": _rounded(check.max_points),
        "status": "passed" if passed else "failed",
        "output": output,
        "visibility": "visible",
        "extra_data": {"id": check.id, "outcome": check.outcome, "visibility": check.visibility},
    }


def _rounded(value: float) -> float:
    return round(value, 4)


def _make(request: ExportRequest) -> Filled:
    graded, told = files(request.gradebook), reasons(request.gradebook)
    made: dict[tuple[str, ...], bytes] = {
        (safe_name(student), problem, RESULTS): content for (student, problem), content in (graded | told).items()
    }
    return Filled(made, len(graded), _without_result(request.gradebook))


def _without_result(gradebook: Gradebook) -> tuple[Unmatched, ...]:
    """Students without a result, and why: who handed in nothing to a problem has no file for it."""
    return tuple(
        Unmatched(
            UnmatchedKind.STUDENT,
            person.student.name,
            f"{slug}: {person.why_not(slug)}; "
            + ("its file gives no points and says so" if _is_told(person, slug) else "no file is written"),
        )
        for person in gradebook.people
        for slug in (problem.slug for problem in gradebook.problems)
        if slug not in person.results
    )


FORMAT = ExportFormat("gradescope", "gradescope", _make, is_folder=True)
