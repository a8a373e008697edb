"""The page of a class: one HTML file that tells an instructor what to say in the next lecture.

Everything can be read without scripts. A small script, allowed by its hash, adds sorting and searching. The matrix of
students by checks is one SVG per student that draws only what did not pass, over a bed that all rows share: a
thousand students times a hundred checks stay under two megabytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from urllib.parse import quote

import msgspec
from markupsafe import Markup

from grader.model import Status
from grader.reports import templating
from grader.reports.model import ClassCell, ClassReport, ClassRow, MisconceptionStatistics, ProblemStatistics
from grader.reports.shown import STATUS_WORDS

STYLES = ("look.css", "task.css", "class.css")
STRIP_WIDTH = 550
"""Pixels for one student's checks: names, scores and these fit a page of 1280 together."""
NAMES_SHOWN = 400
MOST_LISTED = 200
"""The most rows of a table of what was not graded, or looks alike; the file of notices has all."""
LABEL_WIDTH = 16
"""Pixels that a problem's number needs above its checks, where it has few or nobody handed it in."""
HANDFUL = 5
SMALL_SHARE = 0.1
MOST_SAID = 6
"""Misunderstandings and ideas that are not folded: a lecture has room for fewer."""


class ClassColumn(msgspec.Struct, frozen=True):
    """One check in the matrix: its place and what the script says about it."""

    problem: str
    title: str
    x: int


class Bed(msgspec.Struct, frozen=True):
    """Geometry of the matrix, in pixels."""

    width: int
    cell: int
    columns: tuple[ClassColumn, ...]
    spans: tuple[tuple[str, int, int, int], ...]
    """Number, left edge, width and checks of each problem."""

    @property
    def style(self) -> str:
        """Cells as a background that all rows share: dashes, covered where one problem ends.

        With the width of the whole table, a browser need not measure a thousand rows to sort them.
        """
        dashes = f"repeating-linear-gradient(90deg,var(--bed) 0 {self.cell - 1}px,transparent 0 {self.cell}px)"
        stops = []
        for _, left, width, checks in self.spans:
            gap = left + checks * self.cell
            stops.append(f"transparent 0 {gap}px,var(--paper) 0 {left + width + self.cell}px")
        covers = f"linear-gradient(90deg,{','.join([*stops, 'transparent 0'])}),"
        whole = f"calc(var(--first) + var(--total) + {len(self.spans)} * var(--score) + 1.25rem + {self.width}px)"
        return (
            f".k{{background-image:{covers if stops else ''}{dashes};background-size:100% 3px}}.matrix{{width:{whole}}}"
        )


def prepare() -> None:
    """Make what every class page needs, before one is due."""
    templating.style_sheet(*STYLES)
    templating.script("class.js")
    templating.environment().get_template("class.html")


def class_page(report: ClassReport, notices_file: str = "", alike_file: str = "") -> str:
    """One self-contained HTML file; links to pages and to the tables of notices and groups are relative."""
    bed = matrix_bed(report.problems)
    style, script = templating.style_sheet(*STYLES) + Markup(bed.style), templating.script("class.js")
    names = {row.learner.id: row.learner.name for row in report.rows}
    pages_of = {
        (row.learner.id, problem.slug): cell.page
        for row in report.rows
        for problem, cell in zip(report.problems, row.cells, strict=True)
        if cell is not None and cell.page
    }
    slowest = max((problem.seconds[2] for problem in report.problems), default=0.0)
    return (
        templating.environment()
        .get_template("class.html")
        .render(
            report=report,
            style=style,
            script=script,
            policy=templating.policy([style], [script]),
            bed=bed,
            rows=[matrix_row(row, bed) for row in report.rows],
            names=names,
            pages_of=pages_of,
            notices_file=notices_file,
            alike_file=alike_file,
            handed_in=sum(any(row.cells) for row in report.rows),
            names_shown=NAMES_SHOWN,
            most_listed=MOST_LISTED,
            not_listed=sum(max(0, len(each) - MOST_LISTED) for each in (report.failures, report.notices)),
            most_said=MOST_SAID,
            shared=sum(map(is_shared, report.misconceptions[:MOST_SAID])),
            slowest=slowest,
            bars=_bars(report.histogram, 800, 120),
            small_bars={problem.slug: _bars(problem.histogram, 160, 36) for problem in report.problems},
            time_place=lambda seconds: _log_place(seconds, slowest),
            href=_href,
        )
    )


def is_shared(found: MisconceptionStatistics) -> bool:
    """Whether a misunderstanding is one for the lecture: more than a handful share it, of a small class a tenth do."""
    return len(found.students) > HANDFUL or (len(found.students) > 1 and found.share >= SMALL_SHARE)


class Bar(msgspec.Struct, frozen=True):
    """One bar of a histogram, in the units of its picture."""

    x: float
    y: float
    width: float
    height: float
    count: int
    low: int
    high: int


def _bars(counts: Sequence[int], width: int, height: int) -> list[Bar]:
    most = max(counts, default=0) or 1
    step = width / max(1, len(counts))
    gap = min(4.0, step / 6)
    bars = []
    for index, count in enumerate(counts):
        tall = round(max(height * count / most, 2.0 if count else 0.0), 1)
        bars.append(
            Bar(
                x=round(index * step + gap / 2, 1),
                y=round(height - tall, 1),
                width=round(step - gap, 1),
                height=tall,
                count=count,
                low=index * 100 // len(counts),
                high=(index + 1) * 100 // len(counts),
            )
        )
    return bars


def matrix_bed(problems: Sequence[ProblemStatistics]) -> Bed:
    """The places of all checks."""
    checks = sum(len(problem.checks) for problem in problems)
    cell = max(3, min(10, STRIP_WIDTH // max(1, checks + len(problems) - 1)))
    columns, spans, x = [], [], 0
    for problem in problems:
        left = x
        for check in problem.checks:
            columns.append(ClassColumn(problem.slug, check.title, x))
            x += cell
        x = max(x, left + LABEL_WIDTH)
        spans.append((problem.slug.split("-", 1)[0], left, x - left, len(problem.checks)))
        x += cell
    return Bed(max(1, x - cell), cell, tuple(columns), tuple(spans))


class MatrixRow(msgspec.Struct, frozen=True):
    """One student's line of the matrix."""

    row: ClassRow
    outcomes: str
    cells: Markup
    strip: Markup
    summary: str


def matrix_row(row: ClassRow, bed: Bed) -> MatrixRow:
    """What a student's line shows."""
    parts = []
    for cell, (_, _, _, checks) in zip(row.cells, bed.spans, strict=True):
        parts.append(cell.outcomes if cell else "-" * checks)
    outcomes = "".join(parts)
    taken = len(outcomes) - outcomes.count("-")
    passed = outcomes.count("p")
    return MatrixRow(
        row=row,
        outcomes=outcomes,
        cells=Markup("").join(map(_score, row.cells)),
        strip=_strip(outcomes, bed),
        summary=f"{passed} of {taken} checks passed" if taken else "nothing handed in",
    )


def _score(cell: ClassCell | None) -> Markup:
    if cell is None:
        return Markup("<td class=no>–")
    step = min(8, round(cell.percent * 8 / 100))
    shown = f"{cell.percent:.0f}"
    content = Markup('<a href="{}">{}</a>').format(_href(cell.page), shown) if cell.page else Markup(shown)
    if cell.status is Status.GRADED:
        return Markup("<td class=q{}>{}").format(step, content)
    return Markup('<td class="q{} bad" title="{}">{}').format(step, STATUS_WORDS[cell.status], content)


def _strip(outcomes: str, bed: Bed) -> Markup:
    """The checks that did not pass, as strokes over the bed: tall for a wrong answer, short for no answer, bare for no
    work."""
    kinds = {"f": "f", "e": "e", "t": "e", "c": "e", "n": "n", "-": "n"}
    strokes: dict[str, list[str]] = {"f": [], "e": [], "n": []}
    ends = dict.fromkeys(strokes, 0)
    for kind, run in _runs([kinds.get(code, "") for code in outcomes]):
        if kind:
            left = bed.columns[run[0]].x
            right = bed.columns[run[-1]].x + bed.cell - 1
            strokes[kind].append(f"m{left - ends[kind]} 0h{right - left}")
            ends[kind] = right
    paths = [f'<path class={kind} d="M0 8{"".join(moves)}"/>' for kind, moves in strokes.items() if moves]
    return Markup("".join(paths))


def _runs(kinds: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
    for kind, run in groupby(range(len(kinds)), key=kinds.__getitem__):
        yield kind, list(run)


def _href(page: str) -> str:
    """A relative link, whatever characters the file's name has."""
    return "./" + quote(page)


def _log_place(seconds: float, slowest: float) -> float:
    """Place from 0 to 100 on a logarithmic axis from 1 ms to the slowest grading."""
    span = math.log(max(slowest, 0.002) / 0.001)
    return round(100 * math.log(max(seconds, 0.001) / 0.001) / span, 1)
