"""A student's own way through a problem on Windows and macOS, as far as Linux can show it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.lent import EVERYTHING, WHOLE
from tests.platform.conftest import System, Write

SOLUTION = (ROOT / "solutions" / "02-conv-bias" / "solution.py").read_text(encoding="utf-8")
FIRST = SOLUTION.index("\ndef ")
# What a student hands in -> the exit code, the status, and words that the report has.
ANSWERS = {
    "right": (SOLUTION, 0, "graded", "passed"),
    "wrong": (SOLUTION.replace("return ", "return 2 * ", 1), 1, "graded", ""),
    "syntax error": ("def shared_bias(x:\n    pass\n", 3, "rejected", "submission"),
    "crashes": (SOLUTION + "\ndef build_conv(kernel, bias):\n    import os; os._exit(7)\n", 1, "graded", "crashed"),
    "prints": (SOLUTION + "\nprint('Grüße ✓')\n", 0, "graded", ""),
}
# Each grading here starts three interpreters that import torch: what another case shows as well is tried once a week.
SHOWN_ELSEWHERE = () if EVERYTHING else ("right", "wrong", "cp1252", *(() if WHOLE else ("crashes",)))
TRIED = {name: case for name, case in ANSWERS.items() if name not in SHOWN_ELSEWHERE}
# What goes the same way on both is tried on one of them; what takes little, where CI has the time, on both.
ON_ONE = pytest.mark.parametrize("system", ["win32", "darwin"] if EVERYTHING else ["win32"], indirect=True)
ON_ONE_BY_HAND = pytest.mark.parametrize("system", ["win32", "darwin"] if WHOLE else ["win32"], indirect=True)


@pytest.mark.slow
@ON_ONE
@pytest.mark.parametrize(("source", "code", "status", "words"), TRIED.values(), ids=TRIED)
def test_answers_are_graded(
    source: str, code: int, status: str, words: str, system: System, course: Path, written: Write
) -> None:
    ran = system.grade("02", "--submission", written(source), "--json", "-", cwd=course)
    assert ran.code == code, ran.out[-2000:] + ran.err
    result = json.loads(ran.out)
    assert result["status"] == status
    assert result["walls"] == []
    assert "Traceback" not in ran.err
    assert words in ran.out
    if "Grüße" in source:
        assert "Grüße ✓" in result["stdout"]


@pytest.mark.slow
def test_a_line_that_never_ends_is_left_where_there_is_an_alarm_clock(
    system: System, course: Path, written: Write, tmp_path: Path
) -> None:
    """And the tier is told, on which it was tried."""
    hangs = written(SOLUTION + "\nimport time\nwhile True: time.sleep(1)\n")
    ran = system.grade("02", "--submission", hangs, "--json", tmp_path / "result.json", cwd=course)
    assert ran.out, ran.err
    result = json.loads((tmp_path / "result.json").read_bytes())
    assert "Traceback" not in ran.err
    if system.name == "win32":
        assert (ran.code, result["status"]) == (3, "timeout")
    else:
        assert (ran.code, result["status"], result["percent"]) == (0, "graded", 100)
        assert "was stopped" in result["notes"][0]
    assert "plain child process" in ran.err
    assert ("memory" in ran.err) == (system.name != "darwin")


@pytest.mark.slow
@ON_ONE
@pytest.mark.parametrize("encoding", sorted({"ascii", "cp1252"} - {*SHOWN_ELSEWHERE}))
def test_start_writes_the_stub_and_any_console_will_do_to_grade_it(encoding: str, system: System, course: Path) -> None:
    ran = system.grade("start", "02", cwd=course, PYTHONIOENCODING=encoding)
    assert ran.code == 0, ran.err
    submission = course / "problems" / "02-conv-bias" / "submission.py"
    assert submission.is_file()
    ran = system.grade("02", "--html", "bericht.html", cwd=course, PYTHONIOENCODING=encoding)
    assert ran.code == 1, ran.err
    assert "Traceback" not in ran.err
    report = course / "bericht.html"
    assert "<html" in report.read_text(encoding="utf-8")
    submission.unlink()
    report.unlink()


NEEDS_WALLS = {
    "batch": ("batch", "class", "--out", "out"),
    "regrade": ("regrade", "class"),
    "adjust": ("adjust", "class", "ada", "02", "--points", "1", "--because", "it is right"),
    "verify": ("verify", "02"),
    "strict": ("02", "--sandbox", "strict"),
}


@pytest.mark.slow
@ON_ONE
def test_doctor_says_what_is_there(system: System, course: Path) -> None:
    ran = system.grade("doctor", cwd=course)
    assert "Traceback" not in ran.err
    assert ran.code == 4
    assert "may not grade others' work" in ran.out
    assert "Your own work is graded here" in ran.out


@pytest.mark.slow
@pytest.mark.whole
@ON_ONE
def test_doctor_says_it_to_programs(system: System, course: Path) -> None:
    assert json.loads(system.grade("doctor", "--json", cwd=course).out)["may_grade_others_work"] is False


@pytest.mark.slow
@ON_ONE_BY_HAND
@pytest.mark.parametrize("arguments", NEEDS_WALLS.values(), ids=NEEDS_WALLS)
def test_what_needs_walls_refuses_in_a_line(arguments: tuple[str, ...], system: System, course: Path) -> None:
    (course / "class" / "ada").mkdir(parents=True, exist_ok=True)
    (course / "class" / "ada" / "02.py").write_text(SOLUTION, encoding="utf-8")
    ran = system.grade(*arguments, cwd=course)
    assert ran.code == 4, ran.out + ran.err
    assert "Traceback" not in ran.err
    assert "Linux" in ran.err


@pytest.mark.slow
@ON_ONE
def test_light_commands_run(system: System, course: Path) -> None:
    for arguments in (("--help",), ("start", "--help"), ("data", "fetch", "--help"), ("watch", "--help")):
        assert system.grade(*arguments, cwd=course).code == 0
