"""Figures of a grade: any numbers a student's training may yield, drawn without harm."""

import base64
import math
import random
import struct
import zlib
from decimal import Decimal
from itertools import pairwise

import pytest

from grader.model import Bars, Confusion, Curve, ImageGrid, Picture, Series, Table
from grader.reports.figures import Plot, columns, draw, figures, nice_ticks, png, tints

from . import samples
from .parsed import Parsed

NAN, INF = float("nan"), float("inf")


CURVES = {
    "falling": (2.3, 1.1, 0.4),
    "one": (0.5,),
    "none": (),
    "gaps": (NAN, 1.0, INF, 0.5),
    "nothing-but-nan": (NAN,),
    "both-signs": (-3.0, 4.0),
    "all-negative": (-5.0, -4.0),
    "huge-beside-small": (1e300, 1.0),
    "zeros": (0.0, 0.0),
    "small": (1e-9, 2e-9),
    "almost-nothing": (1e-12,),
    "almost-nothing-below-zero": (-1e-12, -3e-12),
    "denormal": (5e-324,),
    "denormals-of-both-signs": (5e-324, -5e-324, 1e-320),
    "largest-float": (1.7976931348623157e308, 0.0),
    "largest-floats-of-both-signs": (1.7976931348623157e308, -1.7976931348623157e308),
    "far-from-zero": (1e15, 1e15 + 0.125),
    "from-least-to-most": (5e-324, 1.7976931348623157e308),
    "many": tuple(1 / step for step in range(1, 5001)),
}


@pytest.mark.parametrize("values", CURVES.values(), ids=CURVES)
def test_curves_of_any_numbers(values: tuple[float, ...]) -> None:
    html = draw(Curve("Loss", "epoch", "loss", (Series("yours", values),)))
    assert "nan" not in html.lower().replace("finance", "")
    assert "inf" not in html.lower()
    assert len(html) < 12_000
    plot = Plot.of(Curve("Loss", "epoch", "loss", (Series("yours", values),)))
    heights = [y for y, _ in plot.y_ticks]
    assert len(heights) >= 2
    assert heights == sorted(heights, reverse=True)
    assert (heights[0], heights[-1]) == (186.0, 12.0), "the ticks span the picture"
    (line,) = plot.lines
    assert len(line.dots) == len([v for v in values[:: max(1, -(-len(values) // 200))] if math.isfinite(v)])
    assert all(44 <= x <= 408 and 12 <= y <= 186 for x, y in line.dots), "and the curve lies in it"


@pytest.mark.parametrize("magnitude", [5e-324, 1e-310, 1e-12, 1.0, 1e12, 1e308])
@pytest.mark.parametrize("spread", [0.0, 1e-9, 0.1, 1.0], ids=lambda spread: f"spread-{spread:g}")
@pytest.mark.parametrize("sign", [1, -1])
def test_ticks_hold_for_every_range(magnitude: float, spread: float, sign: int) -> None:
    low, high = sorted((sign * magnitude, sign * magnitude * (1 - spread)))
    ticks = nice_ticks(low, high)
    assert 2 <= len(ticks) <= 7
    step = ticks[1] - ticks[0]
    assert all(later - earlier == step for earlier, later in pairwise(ticks))
    assert ticks[0] <= Decimal(low) + step / 10**6
    assert ticks[-1] >= Decimal(high) - step / 10**6


def test_a_long_curve_is_thinned_and_not_cut() -> None:
    (line,) = Plot.of(Curve("t", "x", "y", (Series("s", tuple(map(float, range(3000)))),))).lines
    assert line.dots[-1][0] > 404, "the last steps are drawn, too"
    assert line.said == "s: from 0 to 2.98e+03"


def test_a_gap_lifts_the_pen() -> None:
    (line,) = Plot.of(Curve("t", "x", "y", (Series("s", (1.0, None, 0.5, 0.25)),))).lines
    assert line.path.count("M") == 2
    assert line.path.count("L") == 1
    assert len(line.dots) == 3
    assert line.said == "s: from 1 to 0.25"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 2.3, [0, 1, 2, 3]),
        (0, 1, [0, 0.25, 0.5, 0.75, 1]),
        (-1, 1, [-1, -0.5, 0, 0.5, 1]),
        (0, 0, [0, 0.25, 0.5, 0.75, 1]),
        (0, 0.0007, [0, 0.0002, 0.0004, 0.0006, 0.0008]),
    ],
)
def test_ticks_are_round_and_enclose(low: float, high: float, expected: list[float]) -> None:
    assert list(map(float, nice_ticks(low, high))) == pytest.approx(expected)


def test_bars() -> None:
    bars = Bars("Accuracy", ("0", "1", "2", "3"), (1.0, 0.5, None, NAN), 1.0, percent=True, mark=0.8)
    first, second, third, fourth = columns(bars)
    assert first.height == 2 * second.height > 0
    assert [c.text for c in (first, second, third, fourth)] == ["100", "50", "–", "–"]
    assert [c.below for c in (first, second, third, fourth)] == [False, True, False, False]


def test_axes_are_titled() -> None:
    bars = Parsed(draw(Bars("Accuracy", ("0",), (1.0,), 1.0, x_label="digit", y_label="share read rightly"))).text
    assert "digit" in bars
    assert "share read rightly" in bars
    confusion = Parsed(draw(Confusion("c", ("0", "1"), ((1, 0), (0, 1)), row_label="image", column_label="read as")))
    assert "image" in confusion.text
    assert "read as" in confusion.text


@pytest.mark.parametrize("top", [1.0, 0.0, NAN, INF, 5e-324, 1e308, -1.0], ids=str)
def test_bars_of_any_numbers(top: float) -> None:
    values = (5e-324, 1e308, -1e308, 0.0, NAN, INF, None)
    for percent in (False, True):
        bars = Bars("b", tuple("abcdefg"), values, top, percent=percent, mark=1e308)
        assert all(0 <= column.height <= 186 and len(column.text) < 12 for column in columns(bars))
        assert len(draw(bars)) < 8_000


def test_confusion_tints_right_and_wrong_apart() -> None:
    counts = ((90, 1), (0, 45))
    assert tints(counts) == [[("q8", "90"), ("n8", "1")], [("", "·"), ("q4", "45")]]
    assert "90" in Parsed(draw(Confusion("c", ("a", "b"), counts))).text


def test_images_are_png_of_the_right_size() -> None:
    grey = png(Picture(2, 3, bytes([0, 128, 255, 1, 2, 3])), signed=False)
    data = base64.b64decode(grey.removeprefix("data:image/png;base64,"))
    assert data.startswith(b"\x89PNG")
    assert struct.unpack(">IIBB", data[16:26]) == (3, 2, 8, 0)
    body = data[data.index(b"IDAT") + 4 : data.index(b"IEND") - 8]
    assert zlib.decompress(body) == b"\0\x00\x80\xff\0\x01\x02\x03"
    signed = base64.b64decode(png(Picture(1, 2, bytes([128, 255])), signed=True).split(",")[1])
    body = signed[signed.index(b"IDAT") + 4 : signed.index(b"IEND") - 8]
    assert zlib.decompress(body) == b"\0\xff\xff\xff" + bytes((42, 70, 207))


def test_pictures_that_lie_about_their_size_are_left_out() -> None:
    grid = ImageGrid("Digits", (Picture(2, 2, b"abc"), Picture(0, 0, b""), Picture(100, 100, bytes(10_000))))
    assert not Parsed(draw(grid)).all("img")


def test_tables_name_the_rows_that_differ() -> None:
    html = draw(Table("Parameters", ("layer", "yours"), (("a", "1"), ("b", "2")), wrong=(1,)))
    assert html.count("differs") == 1


def test_only_as_many_figures_as_there_is_room_for() -> None:
    noise = random.Random(4).randbytes(64 * 64)
    grid = ImageGrid("Noise", tuple(Picture(64, 64, noise, str(i)) for i in range(32)))
    grade = samples.grade(figures=(grid, *samples.figures().figures))
    assert len(figures(grade)) == len(samples.figures().figures)
