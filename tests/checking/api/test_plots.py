"""What a student draws, as data: what the room says is doubted, and what matplotlib holds is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.bench import Bench
from grader.checking.api.plots import drawing_of
from grader.errors import CheckError
from grader.grade import Given, grade_one
from grader.model import CheckResult, Outcome, SourceFile, Submission
from tests import lent
from tests.checking.small import small_problem

HONEST: dict[str, Any] = {
    "title": "Loss",
    "xlim": (0.0, 1.0),
    "legend": ["train"],
    "lines": [("train", np.array([1.0, 2.0]), np.array([3.0, 4.0]), "#ff0000")],
    "images": [np.zeros((2, 2))],
}
ODD = [
    None,
    7,
    "\x1b[2Jtext",
    [3],
    (1, 2),
    {"x": 1},
    [("a", [1.0], np.zeros((2, 2)), 3)],
    [("a",)],
    np.zeros(3),
    ["\x9b"],
]


def test_an_honest_drawing_is_told_as_it_is() -> None:
    drawing = drawing_of(HONEST)
    assert (drawing.title, drawing.xlabel, drawing.xlim, drawing.legend) == ("Loss", "", (0.0, 1.0), ("train",))
    [line] = drawing.lines
    assert (line.label, line.x.tolist(), line.y.tolist(), line.color) == ("train", [1, 2], [3, 4], "#ff0000")
    assert [image.shape for image in drawing.images] == [(2, 2)]


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("part", [*HONEST, "ylabel", "xticks", "points", "bars", "texts"])
def test_whatever_a_room_says_becomes_texts_and_numbers(part: str, odd: Any) -> None:
    drawing = drawing_of({**HONEST, part: odd})
    texts = [drawing.title, drawing.ylabel, *drawing.legend, *drawing.xticks, *drawing.texts]
    assert all(isinstance(each, str) and each.isprintable() for each in texts)
    assert all(isinstance(each, float) for each in drawing.xlim)
    for drawn in (*drawing.lines, *drawing.points, *drawing.bars):
        assert drawn.label.isprintable()
        assert (drawn.x.ndim, drawn.y.ndim, drawn.x.dtype, drawn.y.dtype) == (1, 1, np.float64, np.float64)
    assert all(isinstance(each, np.ndarray) for each in drawing.images)


SOLUTION = """
import matplotlib.pyplot as plt

plt.plot([1, 2], [3, 4])
plt.title("demo")

def losses(values):
    for name, column in values.items():
        plt.plot(range(1, len(column) + 1), column, label=name, color="red")
    plt.title("Loss")
    plt.xlabel("epoch")
    plt.yscale("log")
    plt.legend()
    plt.show()

def bars(means):
    fig, (left, right) = plt.subplots(1, 2)
    left.bar(list(means), list(means.values()))
    right.barh(list(means), list(means.values()), label="b")
    right.text(0, 0, "note")
    plt.close(fig)

def cloud(x, y):
    from matplotlib.figure import Figure
    fig = Figure()
    ax = fig.add_subplot()
    fig.colorbar(ax.imshow([[0, 1], [2, 3]]))
    ax.scatter(x, y, label="c")
    fig.suptitle("Cloud")
    return fig

def onto(ax):
    ax.plot([5, 6])

def nothing(x):
    return x

def fails():
    raise ValueError("no plot")

figure = cloud([1], [2])
"""
WRONG = SOLUTION.replace("len(column) + 1), column", "len(column) + 1), column[::-1]").replace('"Loss"', '"loss"')
CHECKS = {
    "lines": """
        [plot] = plotted(submission.losses, {"a": [1.0, 2.0, 4.0], "b": [0.5]})
        assert_equal([(line.label, line.color) for line in plot.lines], [("a", "#ff0000"), ("b", "#ff0000")])
        assert_equal((plot.title, plot.xlabel, plot.yscale, plot.legend), ("Loss", "epoch", "log", ("a", "b")))
        assert_close(plot.lines[0].x, np.array([1.0, 2.0, 3.0]))
    """,
    "numbers": """
        plot = plotted(submission.losses, {"a": [1.0, 2.0, 4.0]})[0]
        assert_close(plot.lines[0].y, np.array([1.0, 2.0, 4.0]))
    """,
    "title": "assert_equal(plotted(submission.losses, {'a': [1.0]})[0].title, 'Loss')",
    "bars": """
        left, right = plotted(submission.bars, {"x": 2.0, "y": -1.0})
        assert_close(left.bars[0].y, np.array([2.0, -1.0]))
        assert_equal(left.xticks, ("x", "y"))
        assert_close(right.bars[0].x, np.array([2.0, -1.0]))
        assert_equal(right.texts, ("note",))
    """,
    "points_and_images": """
        [plot] = plotted(submission.cloud, [1.0, 2.0], [3.0, 4.0])
        assert_equal((plot.title, plot.points[0].label), ("Cloud", "c"))
        assert_close(plot.points[0].y, np.array([3.0, 4.0]))
        assert_equal(plot.images[0], np.array([[0, 1], [2, 3]]))
    """,
    "a_variable": "assert_close(plotted(submission.figure)[0].points[0].x, np.array([1.0]))",
    "outside_of_functions": "assert_equal([plot.title for plot in plotted(submission)], ['demo'])",
    "axes_of_the_checks": """
        snippet = "from matplotlib import figure\\ndef make():\\n    return figure.Figure().add_subplot()"
        ax = library.define(snippet).make()
        assert_close(plotted(submission.onto, ax)[0].lines[0].y, np.array([5.0, 6.0]))
    """,
    "nothing": "plotted(submission.nothing, 3)",
    "raises": "plotted(submission.fails)",
}
NOTHING = "def nothing(x):\n    return x\n"
SAID = {
    "numbers": "y of 'a' of losses({'a': [1.0, 2.0, 4.0]}) differs: 2 of 3 values differ, most at [0]: 4 instead of 1",
    "title": "title of losses({'a': [1.0]}) is 'loss'; expected 'Loss'",
    "nothing": "nothing(3) draws nothing",
    "raises": "fails() raised ValueError: no plot",
}


def graded(tmp_path: Path, source: str, *, settings: str, solution: str = SOLUTION) -> dict[str, CheckResult]:
    head = "import numpy as np\nfrom grader.checking import plotted"
    problem = small_problem(tmp_path, CHECKS, solution, head=head, settings=settings)
    with Bench(stem=lent.stem()) as bench:
        grade = grade_one(Given(problem, Submission("it", SourceFile("submission.py", source.encode())), bench))
    assert grade.message == ""
    return {check.title.rstrip("."): check for check in grade.checks}


@pytest.mark.slow
def test_plots_are_looked_at(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    right = graded(tmp_path, SOLUTION, settings="requirements: [matplotlib]\n")
    failed = {name: check.message for name, check in right.items() if check.outcome is not Outcome.PASSED}
    assert failed.keys() == {"nothing", "raises"}, failed
    wrong = graded(tmp_path, WRONG, settings="requirements: [matplotlib]\n")
    for name, words in SAID.items():
        assert words in wrong[name].message


@pytest.mark.slow
def test_a_problem_that_does_not_require_matplotlib_is_told_to(tmp_path: Path) -> None:
    with pytest.raises(CheckError) as told:
        # One that draws nothing: matplotlib may not be here at all.
        graded(tmp_path, NOTHING, settings="", solution=NOTHING)
    assert "plotted needs matplotlib under requirements: in problem.yaml" in told.value.where
