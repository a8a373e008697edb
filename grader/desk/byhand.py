"""The pages on which people grade manual parts: what waits, and one answer after another with its rubric."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from grader.batch.adjustments import points_of
from grader.batch.decisions import adjusting
from grader.batch.model import Row
from grader.common.suggest import did_you_mean
from grader.desk import views
from grader.desk.class_state import ClassState
from grader.desk.forms import PartForm
from grader.desk.frame import DeskFrame, DeskSaid
from grader.errors import UsageError
from grader.model import ManualPart, PartGrade, Problem
from grader.notebook.from_problem import text_cells

_ALL = "full points"


class PartProgress(msgspec.Struct, frozen=True):
    """How far a part is graded, for the class or for one tutor's students."""

    problem: Problem
    part: str
    tutor: str
    graded: int
    answers: int
    following: str
    """The address of the first answer that waits, else of the first; quoted."""


class HandPages:
    """The pages of manual parts."""

    def __init__(self, frame: DeskFrame) -> None:
        self._frame = frame
        self._given: dict[tuple[str, str], tuple[str, ...]] = {}

    def routes(self) -> Iterator[Route]:
        """What is at which address."""
        one = "/by-hand/{folder}/{slug}/{part}"
        yield self._frame.getting("/by-hand", self._list)
        yield self._frame.getting(one, self._part)
        yield self._frame.posting(one, PartForm, self._grade)

    def _list(self, request: Request) -> Response:
        state = self._frame.classroom.state()
        tutors = [each.name for each in state.report.tutors]
        parts = [
            progress
            for problem in state.problems.values()
            for part in problem.manual
            for tutor in ("", *(tutors if len(tutors) > 1 else ()))
            if (progress := _progress(state, problem, part, tutor)) is not None
        ]
        return self._frame.page(request, "by_hand.html", parts=parts)

    def _part(self, request: Request) -> Response:
        state = self._frame.classroom.state()
        row, problem, part, given = self._asked(request, state)
        tutor = request.query_params.get("tutor", "")
        rows = _rows(state, problem, tutor)
        place = next((at for at, each in enumerate(rows) if each.student == row.student), None)
        around = (rows[place - 1 : place] if place else [], rows[place + 1 : place + 2] if place is not None else [])
        before, after = (_address(each[0], given.id, tutor) if each else "" for each in around)
        main = self._frame.classroom.submission(row.content).main
        return self._frame.page(
            request,
            "part.html",
            row=row,
            problem=problem,
            part=part,
            given=given,
            tutor=tutor,
            progress=_progress(state, problem, given.id, tutor),
            collected=self._frame.drawing.collected(main, given.id, part.title, self._template(problem)),
            before=before,
            after=after,
        )

    def _grade(self, request: Request, form: PartForm) -> Response:
        state = self._frame.classroom.state()
        row, problem, part, given = self._asked(request, state)
        points, because = _given(part, form)
        with self._frame.alone(f"grading {row.student}, {problem.slug} by hand"):
            self._frame.decide(
                adjusting(
                    self._frame.classroom.state().batch,
                    self._frame.classroom.whole(row),
                    check=given.id,
                    points=None,
                    to=points,
                    because=because,
                    by=form.by or self._frame.account,
                )
            )
        state = self._frame.classroom.state()
        done = f"{views.name_of(state, row.student)}: {points:g} of {part.points:g} points for {part.title}."
        following = _next_waiting(_rows(state, problem, form.tutor), row.student, given.id)
        where = _address(following, given.id, form.tutor) if following is not None else "by-hand"
        return self._frame.back(request, where, DeskSaid(True, done))

    def _asked(self, request: Request, state: ClassState) -> tuple[Row, Problem, ManualPart, PartGrade]:
        row = self._frame.row(request, state)
        problem, name = state.problems[row.problem], request.path_params["part"]
        if name not in problem.manual:
            raise UsageError(f"{problem.slug} has no manual part {name}; {did_you_mean(name, problem.manual)}")
        given = next((each for each in row.grade.manual if each.id == name), None) if row.grade is not None else None
        if given is None:
            raise UsageError(f"the answer of {row.student} to {problem.slug} is not graded by its checks yet")
        return row, problem, problem.manual[name], given

    def _template(self, problem: Problem) -> tuple[str, ...]:
        key = problem.slug, problem.version
        if key not in self._given:
            self._given[key] = text_cells(problem)
        return self._given[key]


def _given(part: ManualPart, form: PartForm) -> tuple[float, str]:
    """Points and reason, as the form has them. Raises UsageError where it says nothing."""
    holds = [line for number, line in enumerate(part.rubric, 1) if number in form.rubric]
    number = points_of(form.number)
    if form.number and (number is None or number < 0):
        raise UsageError(f"{form.number} is no number of points; nothing was changed")
    if not form.number and not holds:
        raise UsageError("how many points? Nothing was changed")
    points = number if number is not None else min(max(sum(line.points for line in holds), 0.0), part.points)
    said = [*(line.what for line in holds), *filter(None, [form.because])]
    if not said and points < part.points:
        raise UsageError("say why; the student reads it. Nothing was changed")
    return points, "; ".join(said) or _ALL


def _rows(state: ClassState, problem: Problem, tutor: str) -> list[Row]:
    """The answers with the part, in the order in which they were handed in: not by points, which would sway."""
    return [
        row
        for row in state.answers.values()
        if row.problem == problem.slug
        and row.grade is not None
        and row.grade.manual
        and (not tutor or state.students[row.student].tutor == tutor)
    ]


def _waits(row: Row, part: str) -> bool:
    return row.grade is not None and any(each.id == part for each in row.grade.waiting)


def _next_waiting(rows: Sequence[Row], student: str, part: str) -> Row | None:
    """The next answer that waits, from a student's on and then from the beginning."""
    place = next((at for at, row in enumerate(rows) if row.student == student), -1) + 1
    return next((row for row in (*rows[place:], *rows[:place]) if _waits(row, part)), None)


def _progress(state: ClassState, problem: Problem, part: str, tutor: str) -> PartProgress | None:
    rows = _rows(state, problem, tutor)
    if not rows:
        return None
    waiting = [row for row in rows if _waits(row, part)]
    following = _address((waiting or rows)[0], part, tutor)
    return PartProgress(problem, part, tutor, len(rows) - len(waiting), len(rows), following)


def _address(row: Row, part: str, tutor: str) -> str:
    query = f"?{urlencode({'tutor': tutor})}" if tutor else ""
    return f"by-hand/{views.folder_link(row.student)}/{quote(row.problem)}/{quote(part)}{query}"
