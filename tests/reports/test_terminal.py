"""The report in a terminal, compared with golden files that a reader can look at."""

import io
import os
from pathlib import Path

import pytest
from rich.console import Console

from grader.model import Grade, Mismatch, Outcome, Plane, Status, Visibility
from grader.reports.terminal import print_grade

from . import samples
from .hostile import HOSTILE, filled

GOLDEN = Path(__file__).parent / "golden"


def printed(
    grade: Grade,
    width: int = 80,
    encoding: str = "utf-8",
    reveal: bool = False,
    everything: bool = True,
    **options,
) -> str:
    """The report as a terminal of `width` columns would get it."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n", write_through=True)
    print_grade(grade, Console(file=stream, width=width, **options), reveal=reveal, everything=everything)
    return stream.buffer.getvalue().decode(encoding)


def rejected() -> Grade:
    return samples.grade(
        status=Status.REJECTED,
        max_score=10,
        message='02.py, line 3: SyntaxError: expected ":"\n    def conv_with_bias(image, kernel, bias)',
    )


@pytest.mark.parametrize(("form", "width"), [("", 80), ("", 40), ("-all", 80)])
@pytest.mark.parametrize("make", [samples.typical, samples.everything, samples.perfect, rejected])
def test_golden(make, form: str, width: int) -> None:
    """``UPDATE_GOLDEN=1`` in the environment rewrites the files."""
    shown = printed(make(), width, everything=form == "-all")
    text = "".join(line.rstrip() + "\n" for line in shown.splitlines())
    file = GOLDEN / f"{make.__name__}{form}-{width}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [20, 40, 57, 80, 200])
@pytest.mark.parametrize("make", [samples.typical, samples.everything])
def test_no_line_is_wider_than_the_terminal(make, width: int) -> None:
    assert max(map(len, printed(make(), width).splitlines())) <= width


@pytest.mark.parametrize("column", [9, 30, 60, 96])
def test_a_caret_points_at_its_place_in_code_that_is_wider_than_the_terminal(column: int) -> None:
    code = "    def conv(image: torch.Tensor, kernel: torch.Tensor, bias: torch.Tensor) -> torch.Tensor, and more"
    code = code[:column] + "!" + code[column + 1 :]
    message = f"02.py, line 3: SyntaxError: no\n{code}\n{' ' * column}^"
    text = printed(samples.grade(status=Status.REJECTED, max_score=10, message=message), 50, everything=False)
    lines = text.splitlines()
    below = next(line for line in lines if line.strip() == "^")
    above = lines[lines.index(below) - 1]
    assert above[below.index("^")] == "!"
    assert len(above) <= 50


def test_what_to_mend_first_stands_in_full_above_the_verdict_and_each_other_check_on_a_line_above_it() -> None:
    grade = samples.grade(
        samples.check("mend this", Outcome.FAILED, message="no", idea="Stride"),
        *(samples.check(f"lost {n}", Outcome.FAILED, idea="Stride", visibility=Visibility.HIDDEN) for n in range(9)),
        samples.check("shown as well", Outcome.FAILED, message="not this either", idea="Padding"),
    )
    lines = printed(grade, everything=False).rstrip().splitlines()
    told = [*(f"lost {n}" for n in range(9)), "shown as well", "mend this", "points"]
    assert [words for line in lines for words in told if words in line] == told
    assert "points" in lines[-1]
    assert "not this either" not in "".join(lines)


def test_colour_only_where_the_terminal_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b" not in printed(samples.typical())
    coloured = printed(samples.typical(), force_terminal=True, color_system="truecolor")
    assert "\x1b[31m" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    plain = printed(samples.typical(), force_terminal=True, color_system="truecolor")
    assert "\x1b[31m" not in plain


def test_a_terminal_without_unicode_gets_ascii_marks() -> None:
    grade = samples.grade(samples.check("fine"), samples.check("not so", Outcome.FAILED, message="no"))
    text = printed(grade, encoding="ascii")
    assert "+ fine" in text
    assert "x not so" in text


def test_wrong_cells_are_marked_without_colour() -> None:
    text = printed(samples.typical())
    assert ">6<  >7<" in text
    assert "[1]  [2]  [3]   4" in text, "the window on the input"


def test_an_answer_that_is_a_place_is_told_beside_the_input_behind_it() -> None:
    place = Mismatch("values", "place()", "(0, 0)", "(0, 1)", window=samples.POOLING.window)
    text = printed(samples.grade(checks=(samples.check("One", Outcome.FAILED, mismatch=place),)), 80)
    assert "[2]" in text
    assert "came back    (0, 0)" in text
    assert "expected     (0, 1)" in text


@pytest.mark.parametrize("width", [40, 100])
def test_what_a_student_wrote_is_shown_as_text(width: int) -> None:
    text = printed(filled(samples.everything(), HOSTILE), width, force_terminal=True, color_system=None)
    assert not set(text) & set("\x1b\x07\x00\x9b\u202e\u2066")
    assert "[boldred]markup[/]" in "".join(text.split())
    assert "{{7*7}}" in text


def test_a_hidden_check_shows_title_outcome_points_and_hint_only() -> None:
    secret = samples.check(
        "Sizes of one",
        Outcome.ERROR,
        visibility=Visibility.HIDDEN,
        message="SECRET",
        traceback="SECRET",
        mismatch=samples.POOLING,
        hint="Think small.",
    )
    text = printed(samples.grade(secret))
    assert "SECRET" not in text
    assert "max_pool2d" not in text
    assert "Sizes of one (raised an error)" in text
    assert "Think small." in text
    assert "SECRET" in printed(samples.grade(secret), reveal=True)


def test_long_output_is_cut() -> None:
    text = printed(samples.grade(samples.check("fine"), stdout="line\n" * 100_000))
    assert "more lines" in text
    assert len(text.splitlines()) < 30


@pytest.mark.parametrize("everything", [False, True])
def test_a_counterexample_is_shown_like_a_public_check(everything: bool) -> None:
    told = printed(samples.exemplified(), everything=everything)
    for said in ("called       f(tensor([[-1.]]))", ">0<", "came back    raised ValueError: no", "expected     2"):
        assert said in told
    assert told.index("A small input on which it shows") < told.index("A small input on which your answer is wrong")


def test_numbers_that_are_right_are_shown_once() -> None:
    plane = Plane(rows=(("6", "8"), ("3", "4")), values=((6.0, 8.0), (3.0, 4.0)))
    wrong_type = Mismatch("dtype", "f(x)", "torch.float64", "torch.float32", actual_plane=plane, expected_plane=plane)
    told = printed(samples.grade(samples.check("numbers", Outcome.FAILED, mismatch=wrong_type)))
    assert told.count("6  8") == 1
    assert "the same numbers: came back, and expected" in told
    assert "torch.float64" in told
