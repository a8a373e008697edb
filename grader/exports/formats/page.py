"""The class page alone: statistics, misunderstandings and the matrix, without links to anybody's page or code.

People pass it on, mostly with --anonymous. Likenesses and notices stay on the page of the batch.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from grader.exports.model import ExportFormat, ExportRequest, Filled, Gradebook, Result
from grader.model import CheckResult, Grade
from grader.reports.model import ClassEntry, Learner
from grader.reports.statistics import ClassCounting


def to_page(gradebook: Gradebook) -> bytes:
    """One self-contained HTML file."""
    # Imported here: the other formats need no templates.
    from grader.reports.classpage import class_page

    report = ClassCounting().report(
        "Class results",
        gradebook.problems,
        [Learner.of(person.student) for person in gradebook.people],
        _entries(gradebook),
        capped=gradebook.capped,
    )
    return class_page(msgspec.structs.replace(report, shared=True)).encode("utf-8", "replace")


def _entries(gradebook: Gradebook) -> Iterator[ClassEntry]:
    for person in gradebook.people:
        for result in person.results.values():
            yield ClassEntry(_grade(result))


def _grade(result: Result) -> Grade:
    """What the statistics read of a grade."""
    checks = tuple(CheckResult(**msgspec.structs.asdict(check)) for check in result.checks)
    return Grade(
        problem=result.problem,
        student=result.student,
        submission=result.submission,
        sha256="",
        status=result.status,
        score=result.score,
        max_score=result.max_score,
        percent=result.percent,
        checks=checks,
        misconceptions=result.misconceptions,
        stdout="",
        walls=(),
        data=None,
        duration_s=result.duration_s,
        grader_version="",
        problem_version="",
        message=result.message,
        rulings=result.rulings,
        manual=result.manual,
    )


def _make(request: ExportRequest) -> Filled:
    return Filled({(): to_page(request.gradebook)}, request.gradebook.grades)


FORMAT = ExportFormat("page", "class.html", _make)
