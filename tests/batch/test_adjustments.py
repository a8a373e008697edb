"""adjustments.csv and a plan: whatever a student is called is read back as it was written."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import msgspec
import pytest

from grader.batch.adjustments import (
    ADJUSTMENTS,
    UNDONE,
    Adjustment,
    adjustments_of,
    read_adjustments,
    take_back,
    write_adjustments,
)
from grader.errors import UsageError
from grader.intake.plan import PlanLine, plan_file, read_plan
from grader.problem import Course

NAMES = [
    *("jane", "jane ", " jane", "=cmd|' ", "'=x", "''=x", "-rf", "＝x", " =x", "@a", "'", '"', '"bob"', '" "', '"a"b"'),
    *("a;b", "a,b", "q'\"`$(id)", "\\u200e", "名前", "Zoë", "Zoe\u0308", "x" * 300, "1", "007", "+1", "nan"),
]


def adjustment(student: str) -> Adjustment:
    return Adjustment(student, "02-conv-bias", "", 1.0, None, f"because of {student}.", student, "now")


@pytest.mark.parametrize("name", NAMES)
def test_an_adjustment_keeps_the_students_name(name: str, tmp_path: Path) -> None:
    write_adjustments(tmp_path, [adjustment("ann"), adjustment(name)])
    read = read_adjustments(tmp_path)
    assert [msgspec.structs.replace(each, where="") for each in read] == [adjustment("ann"), adjustment(name)]
    for row in csv.reader(io.StringIO((tmp_path / ADJUSTMENTS).read_text("utf-8"))):
        assert not any(cell.strip()[:1] in tuple("=@＝") for cell in row), "no spreadsheet runs it"
    take_back(tmp_path, read[1], "ann", "later")
    take_back(tmp_path, read[0], "ann", "later")
    assert read_adjustments(tmp_path) == ()


@pytest.mark.parametrize("typed", ["02-conv-bias", "02", "2", "conv-bias", "problems/02"])
def test_a_problem_is_named_as_everywhere(typed: str, tmp_path: Path) -> None:
    course = Course(tmp_path, ("01-maxpool", "02-conv-bias"))
    (tmp_path / ADJUSTMENTS).write_text(f"student,problem,points,because\nann,{typed},1,so\n", encoding="utf-8")
    (read,) = adjustments_of(tmp_path, course.resolve)
    assert read.problem == "02-conv-bias"
    take_back(tmp_path, read, "Ada", "now")
    assert adjustments_of(tmp_path, course.resolve) == ()
    assert f"ann,{typed},,+1,,so" in (tmp_path / UNDONE).read_text(encoding="utf-8"), "as its author wrote it"
    (tmp_path / ADJUSTMENTS).write_text("student,problem,points,because\nann,02-cnv-bias,1,so\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 2: there is no problem 02-cnv-bias; did you mean 02-conv-bias"):
        adjustments_of(tmp_path, course.resolve)


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_keeps_the_students_name(name: str, tmp_path: Path) -> None:
    line = PlanLine(name, name, "02-conv-bias", "answer", f" {name}/02.py ", "02.py", "", "")
    (tmp_path / "plan.csv").write_bytes(plan_file([line]))
    (read,) = read_plan(tmp_path / "plan.csv")
    assert (read.student, read.name, read.file) == (name, name, f" {name}/02.py ")
