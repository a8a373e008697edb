"""The formats that need no template: CSV, Gradescope, JUnit."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from grader.exports import FORMATS, formats
from grader.exports.formats import gradescope
from grader.exports.formats.gradescope import files, results_json
from grader.exports.formats.junit import to_xml
from grader.exports.formats.spreadsheet import to_csv
from grader.exports.model import Asked, ExportRequest, Gradebook, Person, Result
from grader.exports.spreadsheet_cells import defused, defused_throughout, points, to_number
from grader.intake.model import Student

from .conftest import GRADES, only, table

CELLS = {
    "=1+1": "'=1+1",
    "+1+1": "'+1+1",
    "-1+1": "'-1+1",
    "@SUM(A1)": "'@SUM(A1)",
    "\t=1": "'\t=1",
    "\rx": "'\rx",
    "\nx": "'\nx",
    " =1+1": "' =1+1",
    "\u200b=1+1": "'\u200b=1+1",
    "＝1+1": "'＝1+1",
    "-": "-",
    "+": "+",
    "-1.5": "-1.5",
    "+1,5": "+1,5",
    "-5 %": "-5 %",
    "12345": "12345",
    "Ann = Lee": "Ann = Lee",
    "": "",
    "ann@x.edu": "ann@x.edu",
}


@pytest.mark.parametrize(("text", "cell"), CELLS.items(), ids=map(repr, CELLS))
def test_defused(text: str, cell: str) -> None:
    assert defused(text) == cell
    assert defused(cell) == cell


def test_defused_where_another_country_splits_the_line() -> None:
    assert defused_throughout("a;=1+1") == "a;'=1+1"
    assert defused_throughout("a, =1") == "a, '=1"
    assert defused_throughout("Doe, Jane; Jr.") == "Doe, Jane; Jr."


@pytest.mark.parametrize(
    ("value", "text"), [(7.5, "7.5"), (10, "10"), (10 / 3, "3.33"), (0, "0"), (-0.001, "0"), (1e3, "1000")]
)
def test_points(value: float, text: str) -> None:
    assert points(value) == text
    assert points(value, ",") == text.replace(".", ",")
    assert to_number(points(value, ",")) == float(text)


def test_csv(gradebook: Gradebook) -> None:
    content = to_csv(gradebook)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 5
    rows = table(content)
    assert only(rows, ["student", "name", "late", "01-maxpool", "02-conv-bias", "total", "out_of", "percent"])[1:] == [
        ["101", "Ann Lee", "", "10", "2", "12", "16", "75"],
        ["102", "Bob Ray", "late", "3.33", "0", "3.33", "16", "20.83"],
        ["103", '\'=HYPERLINK("http://x";"Eve")', "", "0.5", "", "0.5", "16", "3.13"],
        ["104", "Zoë Ünal", "", "", "", "0", "16", "0"],
    ]
    assert [row[-1] for row in rows] == [
        "remarks",
        "",
        "02-conv-bias: rejected",
        "02-conv-bias: nothing handed in",
        "nothing handed in",
    ]
    assert only(rows, ["sis_id", "login", "email"])[1] == ["S1", "alee", "ann@example.edu"]


def test_gradescope_is_as_specified(gradebook: Gradebook) -> None:
    data = json.loads(files(gradebook)["103", "01-maxpool"])
    assert data["score"] == 0.5
    assert data["visibility"] == "visible"
    assert data["output"] == "cell 3 was not run\n\nThe kernel was flipped\nCross-correlation does not flip."
    first, second, third = data["tests"]
    assert first == {
        "number": "1",
        "name": "Loops",
        "score": 0.0,
        "max_score": 1.0,
        "status": "failed",
        "output": "took more than 5 s\n\na hint",
        "visibility": "visible",
        "extra_data": {"id": "t.py::Loops", "outcome": "timeout", "visibility": "public"},
    }
    assert second["extra_data"]["outcome"] == "not_run"
    assert third["extra_data"]["visibility"] == "hidden"
    assert set(data) <= {
        "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format",
        "visibility", "stdout_visibility", "extra_data", "tests",
    }  # fmt: skip


def test_gradescope_says_why_nothing_was_graded() -> None:
    student = Student("104", "Cy Poe")
    why = {"02-conv-bias": "104/02.pdf is neither code nor a file that the code asks for"}
    gradebook = Gradebook((Asked("01-maxpool", "Max pooling", 10.0), Asked("02-conv-bias", "Bias", 6.0)),
                          (Person(student, {}, why),))  # fmt: skip
    filled = gradescope.FORMAT.make(ExportRequest(gradebook))
    assert list(filled.files) == [("104", "02-conv-bias", "results.json")], "to 01 nothing was handed in"
    data = json.loads(filled.content)
    assert (data["score"], filled.grades) == (0, 0)
    assert why["02-conv-bias"] in data["output"]
    assert [each.reason.rpartition("; ")[2] for each in filled.unmatched] == [
        "no file is written",
        "its file gives no points and says so",
    ]


def test_gradescope_of_what_could_not_be_graded() -> None:
    data = json.loads(results_json(Result.of(GRADES[3])))
    assert data["score"] == 0
    assert data["tests"] == []
    assert data["output"] == "The submission could not be graded (rejected).\n\nline 3: invalid syntax"


def test_junit(gradebook: Gradebook) -> None:
    root = ElementTree.fromstring(to_xml(gradebook))
    assert root.tag == "testsuites"
    assert {key: root.get(key) for key in ("tests", "failures", "errors")} == {
        "tests": "13",
        "failures": "4",
        "errors": "2",
    }
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == [
        "101 01-maxpool",
        "101 02-conv-bias",
        "102 01-maxpool",
        "102 02-conv-bias",
        "103 01-maxpool",
        "103 02-conv-bias",
        "104 01-maxpool",
        "104 02-conv-bias",
    ]
    missing = suites["104 02-conv-bias"].find("testcase/skipped")
    assert missing is not None
    assert missing.get("message") == "nothing handed in"
    rejected = suites["102 02-conv-bias"].find("testcase/error")
    assert rejected is not None
    assert rejected.get("message") == "line 3: invalid syntax"
    hostile = suites["103 01-maxpool"]
    assert [[child.tag for child in case] for case in hostile.iter("testcase")] == [["error"], ["skipped"], ["failure"]]
    assert [child.tag for child in hostile] == ["properties", "testcase", "testcase", "testcase", "system-out"]
    failure = hostile.find("testcase/failure")
    assert failure is not None
    assert (failure.text or "").startswith("]]> �")
    assert "</testcase>" in (failure.text or "")


def test_the_table_holds_every_format_of_the_folder() -> None:
    modules = {path.stem for path in Path(formats.__file__).parent.glob("*.py")} - {"__init__"}
    listed = {each.make.__module__.rpartition(".")[2] for each in FORMATS.values()}
    assert listed == modules
    assert all(name == each.name for name, each in FORMATS.items())
    assert len({each.default_name for each in FORMATS.values()}) == len(FORMATS)
