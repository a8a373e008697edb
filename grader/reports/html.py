"""The page of one submission: a single HTML file that a student opens anywhere.

`student_page` decides what is shown and in which order; `templates/report/student.html` decides how it looks.
The page needs no script at all.
"""

from __future__ import annotations

import functools
import re
from itertools import count
from typing import Any

import msgspec
from markupsafe import Markup, escape

from grader.model import CheckResult, Grade, Mismatch, Outcome, Problem, Status, Visibility
from grader.reports import heatmaps, statement, templating
from grader.reports.figures import figures
from grader.reports.shown import (
    FULL_PERCENT,
    Idea,
    bonus_sentence,
    data_sentence,
    example_words,
    examples_of,
    finding,
    headline,
    hint_of,
    in_order,
    not_run_sentence,
    ruling_sentence,
    shown,
)
from grader.reports.wording import clipped, signed

STYLES = ("look.css", "maps.css", "figures.css", "task.css", "student.css")
PICTURE_BYTES = 56_000
"""The most that all of a page's heat maps may weigh; further checks are told in words."""
TEXT_BYTES = 32_000
"""The most that a page's student-controlled text may weigh, escaped: the page stays far below 150 KB."""
_MOST_LINES = 4096


class PageLine(msgspec.Struct, frozen=True):
    """One check in the strip, and in the list where there is no more to say: the same for most of a class."""

    anchor: str
    title: str
    outcome: Outcome
    hidden: bool
    hint: str
    """Empty where it passed, and where it was not run: then nothing is known that it could be about."""
    points: float
    max_points: float
    weight: int
    """Width in the strip, 1 to 12, by points."""


class Card(msgspec.Struct, frozen=True):
    """One check as the page shows it: every text already short enough."""

    check: CheckResult
    line: PageLine
    message: str = ""
    called: str = ""
    actual: str = ""
    expected: str = ""
    worst: str = ""
    traceback: str = ""
    figure: heatmaps.HeatMaps | None = None

    @property
    def anchor(self) -> str:
        return self.line.anchor

    @property
    def mismatch(self) -> Mismatch | None:
        return self.check.mismatch

    @property
    def hidden(self) -> bool:
        return self.line.hidden

    @property
    def passed(self) -> bool:
        return self.check.outcome is Outcome.PASSED

    @property
    def says_more(self) -> bool:
        """Whether there is more to say than a row of the list holds."""
        return bool(self.message or self.check.mismatch or self.traceback)


class ExampleCard(msgspec.Struct, frozen=True):
    """A small input that is answered wrongly, as the page shows it."""

    words: str
    mismatch: Mismatch
    called: str
    actual: str
    expected: str
    worst: str
    traceback: str
    figure: heatmaps.HeatMaps | None


class CheckGroup(msgspec.Struct, frozen=True):
    """The checks of one idea, in the order of the files."""

    idea: Idea
    slug: str
    cards: tuple[Card, ...]

    @property
    def folded(self) -> bool:
        """Whether it is opened only by who wants to look: there is nothing to do about it."""
        return bool(self.idea.title) and self.idea.passed


@functools.lru_cache(maxsize=_MOST_LINES)
def row(line: PageLine) -> Markup:
    """A check in the list."""
    return Markup(_macros().row(line))


@functools.lru_cache(maxsize=_MOST_LINES)
def link(line: PageLine) -> Markup:
    """A check in the strip."""
    return Markup(_macros().link(line))


def _macros() -> Any:
    return templating.environment().get_template("macros.html").module


def prepare(problem: Problem, statement_md: str | None) -> None:
    """Make what all pages of a problem share, before the first one is due."""
    _task(problem, statement_md)
    templating.style_sheet(*STYLES)
    templating.environment().get_template("student.html")


def _task(problem: Problem, statement_md: str | None) -> statement.Statement | None:
    return statement.render(statement.without_title(statement_md, problem.title)) if statement_md else None


def student_page(grade: Grade, problem: Problem, statement_md: str | None, *, reveal: bool = False) -> str:
    """One self-contained HTML file; `reveal`, for authors, shows hidden checks like public ones."""
    grade = shown(grade, reveal=reveal)
    task = _task(problem, statement_md)
    room = _Allowance(TEXT_BYTES)
    examples = {name: _examples(grade, name, room) for name in ("", *(each.id for each in grade.misconceptions))}
    groups = _groups(grade, room)
    graded = grade.status is Status.GRADED
    style = templating.style_sheet(*STYLES)
    sheets = (style, *task.style_sheets) if task else (style,)
    return (
        templating.environment()
        .get_template("student.html")
        .render(
            grade=grade,
            problem=problem,
            style=style,
            policy=templating.policy(sheets, attributes=task.style_attributes if task else ()),
            headline=headline(grade),
            full=graded and grade.percent >= FULL_PERCENT,
            graded=graded,
            all_pass=graded and all(check.outcome is Outcome.PASSED for check in grade.checks),
            groups=groups,
            rulings=[(signed(ruling.points), ruling_sentence(ruling)) for ruling in grade.rulings],
            row=row,
            link=link,
            figures=figures(grade),
            first=_first(groups) if graded else None,
            hidden=0 if reveal else sum(group.idea.hidden for group in groups),
            misconceptions=[(found, _advice(found.advice, task), examples[found.id]) for found in grade.misconceptions],
            examples=examples[""],
            message=room.take(grade.message, 3000),
            stdout=room.take(grade.stdout.rstrip(), 6000),
            not_run=not_run_sentence(grade, problem.hidden),
            bonus=bonus_sentence(grade),
            data=data_sentence(grade),
            task=Markup(task.html) if task else None,
        )
    )


def _groups(grade: Grade, room: _Allowance) -> list[CheckGroup]:
    groups: list[CheckGroup] = []
    numbers = count(1)
    bytes_left = PICTURE_BYTES
    for idea in in_order(grade.checks):
        cards = []
        for check in idea.checks:
            figure = heatmaps.figure(check.mismatch) if check.mismatch else None
            if figure is not None and figure.weight > bytes_left:
                figure = None
            bytes_left -= figure.weight if figure else 0
            cards.append(_card(check, f"check-{next(numbers)}", room, figure))
        groups.append(CheckGroup(idea, f"idea-{len(groups) + 1}", tuple(cards)))
    return groups


def _examples(grade: Grade, misconception: str, room: _Allowance) -> list[ExampleCard]:
    """The small inputs that show a misconception, or that show no known one. Their maps are a few cells large."""
    cards = []
    for example in examples_of(grade, misconception):
        mismatch = example.mismatch
        cards.append(
            ExampleCard(
                words=example_words(example),
                mismatch=mismatch,
                called=room.take(mismatch.called, 1000),
                actual=room.take(mismatch.actual, 1000),
                expected=room.take(mismatch.expected, 1000),
                worst=room.take(mismatch.worst, 200),
                traceback=room.take(example.traceback.rstrip(), 2000),
                figure=heatmaps.figure(mismatch),
            )
        )
    return cards


def _first(groups: list[CheckGroup]) -> Card | None:
    """The failed check to look at first: one that can be told in full, else the one that costs most."""
    failed = [card for group in groups for card in group.cards if not card.passed]
    dearest = max(failed, key=lambda card: card.check.max_points, default=None)
    return next((card for card in failed if card.says_more), dearest)


def _card(check: CheckResult, anchor: str, room: _Allowance, figure: heatmaps.HeatMaps | None) -> Card:
    passed = check.outcome is Outcome.PASSED
    line = PageLine(
        anchor,
        check.title,
        check.outcome,
        check.visibility is Visibility.HIDDEN,
        hint_of(check),
        check.points,
        check.max_points,
        weight=min(12, max(1, round(2 * check.max_points))),
    )
    if passed:
        return Card(check, line)
    mismatch = check.mismatch
    return Card(
        check,
        line,
        message=room.take(finding(check), 1500),
        called=room.take(mismatch.called, 1000) if mismatch else "",
        actual=room.take(mismatch.actual, 1000) if mismatch else "",
        expected=room.take(mismatch.expected, 1000) if mismatch else "",
        worst=room.take(mismatch.worst, 200) if mismatch else "",
        traceback=room.take(check.traceback.rstrip(), 4000),
        figure=figure,
    )


def _advice(advice: str, task: statement.Statement | None) -> Markup:
    """The advice, escaped, its See “Heading” made a link to that heading."""
    text = templating.code(advice.strip())
    found = task.link(advice) if task else None
    if found is None:
        return text
    target, heading = found
    quoted = re.compile("(?:“|&#34;)" + re.escape(str(escape(heading))) + "(?:”|&#34;)")
    return Markup(quoted.sub(lambda match: f'<a href="#{target}">{match.group()}</a>', str(text), count=1))


class _Allowance:
    """Hands out room for text until it is used up, so that no submission can make its page large."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, text: str, limit: int) -> str:
        """The text, clipped to `limit` characters, and to nothing but a remark when there is no room left."""
        if not text:
            return ""
        text = clipped(text, limit)
        cost = len(escape(text).encode())
        if cost > self.left:
            text = clipped(text, max(80, self.left // 8))
            cost = len(escape(text).encode())
        self.left -= min(cost, self.left)
        return text
