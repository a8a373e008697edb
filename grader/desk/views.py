"""The desk's pages as HTML: what a template is given, and the policy that a page goes out with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from operator import is_
from urllib.parse import quote

import jinja2
import msgspec
from markupsafe import Markup

from grader.batch.model import Row
from grader.desk.class_state import ClassState, answer_address, folder_of
from grader.model import Grade, Outcome, Status
from grader.reports import templating
from grader.reports.classpage import Bed, matrix_bed, matrix_row
from grader.reports.model import ClassRow
from grader.reports.shown import STATUS_WORDS
from grader.reports.wording import one_line

STYLES = ("look.css", "task.css", "class.css")
_WAITS = Markup(' title="a part waits to be graded by hand"')
SANDBOX = "sandbox"
"""The policy of a page that is shown in a frame: whatever it is, it runs nothing and is of no origin."""


@cache
def desk_templates() -> jinja2.Environment:
    """The reports' engine, which finds the desk's templates, too."""
    return templating.environment().overlay(loader=jinja2.FunctionLoader(_source))


def _source(name: str) -> str:
    own = resources.files("grader.templates").joinpath("desk", name)
    return own.read_text("utf-8") if own.is_file() else templating.source(name)


@cache
def _style() -> Markup:
    return Markup(f"{templating.style_sheet(*STYLES)}\n{_source('desk.css').strip()}")


@cache
def _script() -> Markup:
    return Markup(_source("desk.js").strip())


def page(name: str, **values: object) -> tuple[str, str]:
    """A page, and its content security policy."""
    style, script = _style(), _script()
    if bed := values.get("bed_style"):
        style = Markup(f"{style}\n{bed}")
    html = desk_templates().get_template(name).render(style=style, script=script, policy=_policy(style), **values)
    return html, f"{_policy(style)}; frame-ancestors 'none'"


def _policy(style: str) -> str:
    return (
        f"default-src 'none'; style-src {templating.sha256(style)}; script-src {templating.sha256(_script())}; "
        "connect-src 'self'; form-action 'self'; frame-src 'self'; img-src data:; base-uri 'none'"
    )


def prepare() -> None:
    """Make what every page needs, before one is asked for."""
    folder = resources.files("grader.templates").joinpath("desk")
    for template in folder.iterdir():
        if template.name.endswith(".html"):
            desk_templates().get_template(template.name)
    _policy(_style())


class DeskLine(msgspec.Struct, frozen=True):
    """A student's line on the class's page."""

    row: ClassRow
    link: str
    """To the first answer; empty where there is none."""
    cells: Markup
    outcomes: str
    strip: Markup
    summary: str


class ClassView(msgspec.Struct, frozen=True):
    """The part of the class's page that changes while it is graded, drawn once for each state."""

    number: int
    head: str
    rows: str
    bed_style: str
    parts: str
    """The numbers of sections and tutors."""


class ClassDrawing:
    """Draws the class, again and again: a student's line is drawn anew where something in it has changed."""

    def __init__(self) -> None:
        self._bed: Bed | None = None
        self._drawn: dict[str, tuple[ClassRow, list[Row | None], str]] = {}
        """Student -> what a line was drawn of, and the line."""

    def view(self, state: ClassState) -> ClassView:
        """The class as it is in `state`."""
        bed = matrix_bed(state.report.problems)
        before, self._drawn = self._drawn if bed == self._bed else {}, {}
        self._bed = bed
        templates = desk_templates()
        line = templates.get_template("rows.html").module.line  # type: ignore[attr-defined]
        slugs = [problem.slug for problem in state.report.problems]
        for row in state.report.rows:
            student = row.learner.id
            own = [state.answers.get((student, slug)) for slug in slugs]
            kept = before.get(student)
            if kept is not None and kept[0] == row and all(map(is_, kept[1], own)):
                self._drawn[student] = kept
            else:
                self._drawn[student] = row, own, str(line(_desk_line(row, own, bed), bed))
        return ClassView(
            state.number,
            templates.get_template("head.html").render(state=state),
            "\n".join(drawn for _, _, drawn in self._drawn.values()),
            str(bed.style),
            templates.get_template("parts.html").render(state=state),
        )


def _desk_line(row: ClassRow, own: Sequence[Row | None], bed: Bed) -> DeskLine:
    drawn = matrix_row(row, bed)
    first = next((address(answer) for answer in own if answer is not None), "")
    cells = Markup("").join(map(_cell, own))
    return DeskLine(row, first, cells, drawn.outcomes, drawn.strip, drawn.summary)


def _cell(answer: Row | None) -> Markup:
    if answer is None:
        return Markup("<td class=no>–")
    if answer.grade is None:
        word, title = ("!", "the grader failed") if answer.fault is not None else ("…", "not graded yet")
        return Markup('<td class=no title="{}"><a href="{}">{}</a>').format(title, address(answer), word)
    grade = answer.grade
    step = min(8, round(grade.percent * 8 / 100))
    points = f"{grade.percent:.0f}" + ("+" if grade.waiting else "")
    shown = Markup('<a href="{}"{}>{}</a>').format(address(answer), _WAITS if grade.waiting else "", points)
    late = " late" if answer.late or any(ruling.kind == "late" for ruling in grade.rulings) else ""
    hand = " hand" if any(ruling.kind == "hand" for ruling in grade.rulings) else ""
    if grade.status is Status.GRADED:
        return Markup('<td class="q{}{}{}">{}').format(step, late, hand, shown)
    return Markup('<td class="q{} bad{}{}" title="{}">{}').format(step, late, hand, STATUS_WORDS[grade.status], shown)


def address(answer: Row) -> str:
    """The link to an answer's page, from the desk's first page."""
    return f"./{quote(answer_address(answer.student, answer.problem))}"


class CheckLine(msgspec.Struct, frozen=True):
    """One check of an answer, beside how the class fared."""

    id: str
    title: str
    outcome: Outcome
    hidden: bool
    points: float
    max_points: float
    passed: float | None
    """Share of the class that passes; None where nobody took it."""
    idea: str


def check_lines(state: ClassState, grade: Grade) -> list[CheckLine]:
    """The checks of an answer in the order of the class's matrix, the easiest first."""
    statistics = state.checks
    order = {id: place for place, (slug, id) in enumerate(statistics) if slug == grade.problem}
    lines = []
    for check in sorted(grade.checks, key=lambda check: order.get(check.id, len(order))):
        found = statistics.get((grade.problem, check.id))
        lines.append(
            CheckLine(
                check.id,
                check.title,
                check.outcome,
                check.visibility == "hidden",
                check.points,
                check.max_points,
                found.rate if found is not None and found.taken else None,
                check.idea,
            )
        )
    return lines


def student_links(state: ClassState, student: str) -> Mapping[str, Row]:
    """A student's answers by problem, in the order of the problems."""
    return {slug: state.answers[student, slug] for slug in state.problems if (student, slug) in state.answers}


def neighbours(state: ClassState, student: str, problem: str) -> tuple[str, str]:
    """Addresses of the answers to the same problem before and after this one, as the class's page lists them."""
    with_answer = [each for each in state.order if (each, problem) in state.answers]
    if student not in with_answer:
        return "", ""
    place = with_answer.index(student)
    before = with_answer[place - 1] if place else ""
    after = with_answer[place + 1] if place + 1 < len(with_answer) else ""
    return _to(before, problem), _to(after, problem)


def _to(student: str, problem: str) -> str:
    return quote(answer_address(student, problem)) if student else ""


def name_of(state: ClassState, student: str) -> str:
    """What people call a student."""
    found = state.students.get(student)
    return one_line(found.name if found is not None else student, 80)


@lru_cache(maxsize=10_000)
def folder_link(student: str) -> str:
    """A student's part of an address, quoted."""
    return quote(folder_of(student))
