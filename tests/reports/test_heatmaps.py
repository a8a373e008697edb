"""Heat maps: marks where they belong, tints by value, parts of large planes, padding around the input."""

import re
from typing import Literal

import msgspec
import pytest

from grader.model import Mismatch, Plane, Shape, Window
from grader.reports import heatmaps, planes

from . import samples


def cells(table: str) -> list[list[tuple[str, str]]]:
    """(class, text) of each cell of a map."""
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", table)
    found = [re.findall(r'<td(?: class="([^"]*)")?>(?:<mark>)?(.*?)(?:</mark>)?</td>', row) for row in rows]
    return [[(name, text) for name, text in row] for row in found]


def maps(mismatch: Mismatch) -> dict[str, list[list[tuple[str, str]]]]:
    figure = heatmaps.figure(mismatch)
    assert figure is not None
    return {each.role: cells(each.table) for each in figure.maps}


assert samples.POOLING.window is not None
PLACE = Mismatch(
    "values", "place()", "(0, 0)", "(0, 1)", worst="item 1: 0 instead of 1", wrong_count=1, total_count=2,
    window=msgspec.structs.replace(samples.POOLING.window, sentence="row 0, column 1 is largest"),
)  # fmt: skip


def test_an_answer_that_is_a_place_is_shown_by_the_input_behind_it() -> None:
    assert list(maps(PLACE)) == ["input"]
    figure = heatmaps.figure(PLACE)
    assert figure is not None
    assert figure.sentence == "Row 0, column 1 is largest."


def test_the_lecture_s_pooling_example() -> None:
    shown = maps(samples.POOLING)
    assert list(shown) == ["input", "expected", "actual", "difference"]
    assert [text for row in shown["expected"] for _, text in row] == ["6", "8", "3", "4"]
    assert [text for row in shown["difference"] for _, text in row] == ["·", "−1", "·", "·"]
    wrong = [(r, c) for r, row in enumerate(shown["actual"]) for c, (name, _) in enumerate(row) if " x" in name]
    assert wrong == [(0, 1)]
    window = [(r, c) for r, row in enumerate(shown["input"]) for c, (name, _) in enumerate(row) if " w" in name]
    assert window == [(0, 2), (0, 3), (1, 2), (1, 3)]
    assert " o" in shown["expected"][0][1][0]
    figure = heatmaps.figure(samples.POOLING)
    assert figure is not None
    assert figure.sentence == "Row 0, column 1 takes the largest of 2, 4, 7, 8: 8; yours is 7."


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([0, 4, 8], ["", "q4", "q8"], id="positive: from the smallest to the largest"),
        pytest.param([10, 12, 14], ["", "q4", "q8"], id="far from zero"),
        pytest.param([-2, 0, 4], ["n4", "", "q8"], id="signed: zero is in the middle"),
        pytest.param([3, 3, 3], ["", "", ""], id="constant"),
        pytest.param([float("nan"), 0, 8], ["", "", "q8"], id="nan has no tint"),
        pytest.param([float("inf"), 0, 8], ["", "", "q8"], id="neither has an infinity"),
        pytest.param([0, 5e-324, 1e-323], ["", "q4", "q8"], id="denormals"),
        pytest.param([-5e-324, 0, 1e-323], ["n4", "", "q8"], id="denormals of both signs"),
        pytest.param([-1.7e308, 0, 1.7e308], ["n8", "", "q8"], id="a span beyond every float"),
        pytest.param([1e308, 1.35e308, 1.7e308], ["", "q4", "q8"], id="huge"),
    ],
)
def test_tints(values: list[float], expected: list[str]) -> None:
    plane = samples.plane(values)
    table = heatmaps.table(plane, *planes.scale([plane]))
    assert [name for name, _ in cells(table)[0]] == expected


def test_windows_that_hang_over_the_edge_show_padding() -> None:
    mismatch = samples.large_mismatch()
    shown = maps(mismatch)["input"]
    assert len(shown) == 13
    assert [name for name, _ in shown[0][:4]] == ["w p", "w p", "w p", "p"]
    assert [text for _, text in shown[0]] == [""] * 13
    figure = heatmaps.figure(mismatch)
    assert figure is not None
    assert '<th scope="col">-1</th>' in figure.maps[0].table


def test_a_large_plane_is_cut_around_its_first_wrong_cell() -> None:
    mismatch = samples.huge_mismatch()
    comparison = planes.comparison(mismatch, 16, 16)
    assert comparison is not None
    assert planes.size(comparison.actual) == (16, 16)
    assert comparison.first is not None
    row, column = comparison.first
    assert mismatch.wrong_cells[0] == (row + comparison.actual.top, column + comparison.actual.left)
    assert comparison.actual.cut


def test_planes_of_two_shapes_are_shown_without_a_difference() -> None:
    mismatch = msgspec.structs.replace(
        samples.POOLING, expected_plane=samples.plane([1, 2, 3]), wrong_cells=(), window=None
    )
    assert list(maps(mismatch)) == ["expected", "actual"]


def test_without_planes_there_is_no_picture() -> None:
    assert heatmaps.figure(samples.WRONG_SHAPE) is None
    empty = msgspec.structs.replace(samples.POOLING, actual_plane=Plane((), ()), expected_plane=Plane((), ()))
    assert heatmaps.figure(empty) is None


def test_cells_that_are_no_numbers_are_text() -> None:
    plane = Plane(rows=(("<b>", "nan"),), values=((None, None),))
    assert "&lt;b&gt;" in heatmaps.table(plane, 0, 0)


def test_a_window_into_a_cut_image_keeps_its_place() -> None:
    image = samples.plane([1, 2], [3, 4], top=10, left=20, cut=True)
    mismatch = msgspec.structs.replace(
        samples.POOLING, window=Window(image=image, cells=((10, 21), (11, 21)), sentence="")
    )
    shown = maps(mismatch)["input"]
    assert ["w" in name.split() for name, _ in shown[0]] == [False, True]
    assert ["w" in name.split() for name, _ in shown[1]] == [False, True]


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        (samples.POOLING.shapes, "x 1 × 1 × 4 × 4 → 1 × 1 × 2 × 2"),
        (
            samples.WRONG_SHAPE.shapes,
            "image 3 × 8 × 8, kernel 2 × 3 × 3 × 3, bias 2 → expected 1 × 2 × 6 × 6, yours 2 × 6 × 6",
        ),
        ((), ""),
        ((Shape("expected", "", ()),), "→ a single number"),
    ],
)
def test_shape_traces(shapes: tuple[Shape, ...], expected: str) -> None:
    assert planes.trace(shapes) == expected


@pytest.mark.parametrize(("kind", "roles"), [("dtype", ["actual"]), ("shape", ["actual"]), ("values", None)])
def test_what_differs_in_type_or_shape_alone_is_drawn_once(
    kind: Literal["dtype", "shape", "values"], roles: list[str] | None
) -> None:
    same = samples.plane([1, 2], [3, 4])
    mismatch = Mismatch(kind, "f(x)", "torch.float64", "torch.float32", actual_plane=same, expected_plane=same)
    assert list(maps(mismatch)) == (roles or ["expected", "actual", "difference"])
