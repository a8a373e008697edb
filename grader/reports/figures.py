"""The figures of a grade made ready for the page: curves and bars as SVG, small images as PNG in the page itself.

This module only computes; `templates/report/figures.html` draws. Values may be a student's: anything that is not a
finite number leaves a gap.
"""

from __future__ import annotations

import base64
import math
import struct
import zlib
from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, assert_never

import msgspec
from markupsafe import Markup

from grader.model import Bars, Confusion, Curve, Figure, Grade, ImageGrid, Picture, Table
from grader.reports import templating
from grader.reports.wording import number

WIDTH, HEIGHT = 420, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 34
MOST_IMAGES = 32
MOST_POINTS = 200
MOST_ROWS = 60
_ROUND = tuple(map(Decimal, ("1", "2", "2.5", "5", "10")))
# Where a range misses a round number only by the rounding of floats, it needs no further tick.
_NEARLY, _HAIR = Decimal("0.999"), Decimal("1e-9")
TOTAL_BYTES = 40_000
"""What the figures of one page may weigh; those beyond are left to result.json."""


def figures(grade: Grade) -> list[Markup]:
    """The figures of a grade as HTML, as many of them as there is room for."""
    drawn, left = [], TOTAL_BYTES
    for each in grade.figures:
        html = draw(each)
        if len(html) <= left:
            drawn.append(html)
            left -= len(html)
    return drawn


def draw(figure: Figure) -> Markup:
    """One figure as HTML."""
    macros: Any = templating.environment().get_template("figures.html").module
    match figure:
        case Curve():
            return Markup(macros.curve(figure, Plot.of(figure)))
        case Bars():
            return Markup(macros.bars(figure, columns(figure), mark_of(figure)))
        case Confusion():
            return Markup(macros.confusion(figure, tints(figure.counts)))
        case ImageGrid():
            images = [(png(each, figure.signed), each) for each in figure.images[:MOST_IMAGES] if fits(each)]
            return Markup(macros.images(figure, images))
        case Table():
            return Markup(macros.table(figure, figure.rows[:MOST_ROWS]))
        case _:
            assert_never(figure)


class FigureLine(msgspec.Struct, frozen=True):
    """One series: a path in the units of the picture, and its points."""

    name: str
    path: str
    dots: tuple[tuple[float, float], ...]
    said: str


class Plot(msgspec.Struct, frozen=True):
    """A curve's lines and ticks."""

    lines: tuple[FigureLine, ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]

    @classmethod
    def of(cls, curve: Curve) -> Plot:
        steps = max((len(each.values) for each in curve.series), default=0)
        # Every so many-th value of a long curve is drawn: its end says more than its first steps in full.
        stride = max(1, math.ceil(steps / MOST_POINTS))
        series = [(each.name, [_finite(value) for value in each.values[::stride]]) for each in curve.series]
        numbers = [value for _, values in series for value in values if value is not None]
        ticks = nice_ticks(min([0.0, *numbers]), max(numbers, default=1.0))
        low, high = ticks[0], ticks[-1]

        def x(step: int) -> float:
            return round(LEFT + (WIDTH - LEFT - RIGHT) * (step / (steps - 1) if steps > 1 else 0.5), 1)

        def y(value: float | Decimal) -> float:
            return round(TOP + (HEIGHT - TOP - BOTTOM) * float((high - Decimal(value)) / (high - low)), 1)

        lines = []
        for name, values in series:
            points = [(x(i * stride), y(value)) if value is not None else None for i, value in enumerate(values)]
            known = [value for value in values if value is not None]
            said = f"{name}: from {known[0]:.3g} to {known[-1]:.3g}" if known else f"{name}: no values"
            lines.append(FigureLine(name, _path(points), tuple(point for point in points if point), said))
        every = max(1, math.ceil(steps / 10))
        return cls(
            tuple(lines),
            tuple((x(step), str(step + 1)) for step in range(0, steps, every)),
            tuple((y(value), _label(value)) for value in ticks),
        )


class FigureColumn(msgspec.Struct, frozen=True):
    """One bar in the units of the picture."""

    label: str
    x: float
    y: float
    width: float
    height: float
    text: str
    below: bool
    """Whether the value is under the figure's mark."""


def columns(bars: Bars) -> list[FigureColumn]:
    """The bars of a figure, from left to right."""
    top = _top(bars)
    room = HEIGHT - TOP - BOTTOM - 12
    step = (WIDTH - LEFT - RIGHT) / max(1, len(bars.labels))
    drawn = []
    for index, (label, given) in enumerate(zip(bars.labels, bars.values, strict=False)):
        value = _finite(given)
        tall = round(room * _share(value or 0.0, top), 1)
        text = "–" if value is None else _percent(value, top) if bars.percent else number(value)
        drawn.append(
            FigureColumn(
                label=label,
                x=round(LEFT + index * step + step * 0.12, 1),
                y=round(HEIGHT - BOTTOM - tall, 1),
                width=round(step * 0.76, 1),
                height=tall,
                text=text,
                below=bars.mark is not None and value is not None and value < bars.mark,
            )
        )
    return drawn


class Mark(msgspec.Struct, frozen=True):
    """The line at a figure's mark."""

    y: float
    text: str


def mark_of(bars: Bars) -> Mark | None:
    """Where the line of a figure's mark is drawn, and what stands beside it."""
    value, top = _finite(bars.mark), _top(bars)
    if value is None:
        return None
    y = round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM - 12) * _share(value, top), 1)
    return Mark(y, _percent(value, top, places=1) if bars.percent else number(value))


def _top(bars: Bars) -> float:
    return bars.top if bars.top > 0 and math.isfinite(bars.top) else 1.0


def _share(value: float, top: float) -> float:
    """How much of a full bar `value` is, from 0 to 1."""
    return max(0.0, min(1.0, value / top))


def _percent(value: float, top: float, places: int = 0) -> str:
    percent = 100 * (value / top)
    return number(percent, places) if abs(percent) < 1e6 else f"{percent:.0e}"


def tints(counts: Sequence[Sequence[int]]) -> list[list[tuple[str, str]]]:
    """(class, text) of each cell of a confusion matrix: right answers in one colour, wrong ones in the other."""
    wrong = max((n for r, row in enumerate(counts) for c, n in enumerate(row) if r != c), default=0) or 1
    right = max((row[r] for r, row in enumerate(counts) if r < len(row)), default=0) or 1
    return [
        [_tint(n, right if r == c else wrong, "q" if r == c else "n") for c, n in enumerate(row)]
        for r, row in enumerate(counts)
    ]


def _tint(count: int, most: int, side: str) -> tuple[str, str]:
    return (f"{side}{max(1, min(8, round(8 * count / most)))}", str(count)) if count else ("", "·")


def fits(picture: Picture) -> bool:
    """Whether a picture holds what it says and is small enough to be inlined."""
    return picture.height > 0 and 0 < len(picture.pixels) == picture.height * picture.width <= 4096


def png(picture: Picture, signed: bool) -> str:
    """A picture as a data URI: grey from black to white, or orange through white to blue where 128 is zero."""
    width, pixels = picture.width, picture.pixels
    if signed:
        width, pixels = 3 * width, b"".join(map(_diverging, pixels))
    raw = b"".join(b"\0" + pixels[start : start + width] for start in range(0, len(pixels), width))
    kind_of_color = 2 if signed else 0
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", picture.width, picture.height, 8, kind_of_color, 0, 0, 0)),
        (b"IDAT", zlib.compress(raw, 9)),
        (b"IEND", b""),
    ]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return "data:image/png;base64," + base64.b64encode(data).decode()


def _diverging(pixel: int) -> bytes:
    """White at 128, orange below, blue above."""
    end = (42, 70, 207) if pixel >= 128 else (196, 110, 0)
    share = min(1.0, abs(pixel - 128) / 127)
    return bytes(round(255 + (channel - 255) * share) for channel in end)


def nice_ticks(low: float, high: float) -> list[Decimal]:
    """Three to six round numbers that enclose the range, however small, large or far from zero it is.

    Decimal, because a step of 1e-310 or ticks beyond 1.8e308 are beyond what a float's arithmetic holds.
    """
    least, most = Decimal(low), Decimal(high)
    if not most > least:
        most = least + (abs(least) or 1)
    rough = (most - least) / 4
    unit = Decimal(1).scaleb(rough.adjusted())
    step = next(unit * factor for factor in _ROUND if unit * factor >= rough * _NEARLY)
    first = ((least / step) + _HAIR).to_integral_value(ROUND_FLOOR)
    last = ((most / step) - _HAIR).to_integral_value(ROUND_CEILING)
    return [index * step for index in map(Decimal, range(int(first), int(last) + 1))]


def _label(tick: Decimal) -> str:
    short = float(tick)
    return f"{short:g}" if math.isfinite(short) else f"{tick:.3g}"


def _path(points: Iterable[tuple[float, float] | None]) -> str:
    """Move and line commands; a gap starts a new stroke."""
    commands, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        commands.append(f"{pen}{point[0]} {point[1]}")
        pen = "L"
    return "".join(commands)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
