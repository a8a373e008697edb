"""Exports from a batch's directory to files: names, overwriting, and what is said when it does not work."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.exports import RESULTS, STUDENTS, run_export, students_from_json, students_to_json
from grader.exports.gradebook import read_gradebook
from grader.exports.model import ExportFormat, ExportRequest, Filled
from grader.exports.run import made
from grader.exports.writing import safe_name
from grader.intake.model import Student
from grader.model import Grade, PartGrade

from .conftest import CLASS, COURSE, GRADES, grade, only, table, write_batch

CANVAS = 'Student,ID,Section,Max pooling (11)\nPoints Possible,,,10\n"Lee, Ann",101,A,\n'
MOODLE = "Identifier,Full name,Status,Grade,Maximum Grade\nParticipant 101,Ann Lee,x,,10.00\n"


def waiting(points: float | None) -> list[Grade]:
    """Ann has 12 of 10 points in 01, and 2 of 6 in 02, of which a part is graded by hand."""
    part = (
        PartGrade("why", "Why", 3.0, points, "says why", "Ada") if points is not None else PartGrade("why", "Why", 3.0)
    )
    return [grade("101", "01-maxpool", 12, 10), grade("101", "02-conv-bias", 2, 6, manual=(part,))]


def exported(folder: Path, grades: list[Grade], *, capped: bool = False) -> dict[str, str]:
    """Ann's row of the CSV, and her cells of Canvas's gradebook."""
    directory = write_batch(folder / "out", grades)
    template = folder / "canvas.csv"
    template.write_text('Student,ID,Section,Max pooling,Convolution with a bias,total\n"Lee, Ann",101,A,,,\n')
    run_export(directory, "csv", None, None, problems=COURSE, capped=capped)
    heading, row, *_ = table((directory / "export.csv").read_bytes())
    run_export(directory, "canvas", template, None, problems=COURSE, columns={"total": "total"}, capped=capped)
    cells = table((directory / "canvas.csv").read_bytes())[1]
    return dict(zip(heading, row, strict=True)) | {"canvas": " ".join(cells[3:])}


def test_what_waits_for_a_person_counts_for_nobody(tmp_path: Path) -> None:
    ann = exported(tmp_path, waiting(None))
    assert (ann["01-maxpool"], ann["02-conv-bias"], ann["total"], ann["percent"]) == ("12", "", "", "")
    assert "02-conv-bias: 2 so far; 3 points wait to be graded by hand (Why)" in ann["remarks"]
    assert ann["canvas"] == "12  "


def test_bonus_points_make_up_for_lost_ones(tmp_path: Path) -> None:
    ann = exported(tmp_path, waiting(1.0), capped=True)
    assert (ann["02-conv-bias"], ann["total"], ann["percent"], ann["canvas"]) == ("2", "14", "87.5", "12 2 14")
    assert "1 of 3, Why: says why (Ada)" in ann["remarks"]


@pytest.mark.parametrize(("capped", "total", "percent"), [(False, "18", "112.5"), (True, "16", "100")], ids=str)
def test_a_total_beyond_full_marks_is_the_same_everywhere(
    tmp_path: Path, capped: bool, total: str, percent: str
) -> None:
    ann = exported(tmp_path, [grade("101", "01-maxpool", 12, 10), grade("101", "02-conv-bias", 6, 6)], capped=capped)
    assert (ann["total"], ann["percent"], ann["canvas"]) == (total, percent, f"12 6 {total}")


@pytest.mark.parametrize(
    ("format", "template", "names"),
    [
        ("csv", None, ["export.csv"]),
        ("canvas", CANVAS, ["canvas.csv"]),
        ("moodle", MOODLE, ["moodle.csv"]),
        ("junit", None, ["junit.xml"]),
        (
            "gradescope",
            None,
            [
                "gradescope/101/01-maxpool/results.json",
                "gradescope/101/02-conv-bias/results.json",
                "gradescope/102/01-maxpool/results.json",
                "gradescope/102/02-conv-bias/results.json",
                "gradescope/103/01-maxpool/results.json",
            ],
        ),
    ],
    ids=["csv", "canvas", "moodle", "junit", "gradescope"],
)
def test_default_names_and_a_second_run(batch: Path, format: str, template: str | None, names: list[str]) -> None:
    source = None
    if template is not None:
        source = batch.parent / "maxpool.csv"
        source.write_text(template)
    first = run_export(batch, format, source, None, problems=COURSE)
    assert [str(path.relative_to(batch)) for path in first.written] == names
    contents = [path.read_bytes() for path in first.written]
    again = run_export(batch, format, source, None, problems=COURSE)
    assert again == first
    assert [path.read_bytes() for path in again.written] == contents
    assert source is None or source.read_text() == template
    left = {path.name for path in batch.iterdir()}
    assert left == {RESULTS, STUDENTS, "exports.json", names[0].split("/")[0]}


def test_a_file_of_somebody_elses_is_not_overwritten(batch: Path, tmp_path: Path) -> None:
    mine = tmp_path / "grades.csv"
    mine.write_text("by hand")
    with pytest.raises(UsageError, match="exists already"):
        run_export(batch, "csv", None, mine)
    assert mine.read_text() == "by hand"


def test_an_export_that_was_edited_is_not_overwritten(batch: Path) -> None:
    (path,) = run_export(batch, "csv", None, None).written
    path.write_bytes(path.read_bytes() + b"my remarks")
    with pytest.raises(UsageError, match="exists already"):
        run_export(batch, "csv", None, None)


def test_an_export_is_replaced_when_grades_changed_even_after_a_move(batch: Path) -> None:
    run_export(batch, "csv", None, None)
    moved = batch.rename(batch.with_name("moved"))
    write_batch(moved, (*GRADES, grade("104", "01-maxpool", 4, 10)))
    (path,) = run_export(moved, "csv", None, None).written
    assert only(table(path.read_bytes()), ["01-maxpool"])[4] == ["4"]


def test_the_template_is_never_written(batch: Path, tmp_path: Path) -> None:
    template = tmp_path / "gradebook.csv"
    template.write_text(CANVAS)
    for out in (template, tmp_path / "link.csv"):
        if out != template:
            out.symlink_to(template)
        with pytest.raises(UsageError, match="is the template itself"):
            run_export(batch, "canvas", template, out, problems=COURSE)
    assert template.read_text() == CANVAS


def test_out_may_be_a_folder_or_a_new_path(batch: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    assert run_export(batch, "csv", None, tmp_path / "there").written == (tmp_path / "there" / "export.csv",)
    assert run_export(batch, "junit", None, tmp_path / "new" / "x.xml").written == (tmp_path / "new" / "x.xml",)


@pytest.mark.skipif(os.name == "nt", reason="there are no such modes on Windows")
@pytest.mark.parametrize(("anonymous", "modes"), [(False, {0o600}), (True, {0o644})])
def test_what_names_people_is_its_owners_alone(batch: Path, tmp_path: Path, anonymous: bool, modes: set[int]) -> None:
    before = os.umask(0o022)
    try:
        for name in ("csv", "gradescope"):
            report = run_export(batch, name, None, tmp_path / name, problems=COURSE, anonymous=anonymous)
            assert {stat.S_IMODE(path.stat().st_mode) for path in report.written} == modes
    finally:
        os.umask(before)
    assert stat.S_IMODE((batch / "exports.json").stat().st_mode) == 0o600


def test_one_result_may_be_one_file_for_gradescope(tmp_path: Path) -> None:
    one = write_batch(tmp_path / "one", GRADES[:1], CLASS[:1])
    (path,) = run_export(one, "gradescope", None, tmp_path / "results.json").written
    assert json.loads(path.read_bytes())["score"] == 10
    many = write_batch(tmp_path / "many")
    with pytest.raises(UsageError, match="5 results"):
        run_export(many, "gradescope", None, tmp_path / "all.json")


def test_report_counts_grades_and_names_what_did_not_fit(batch: Path, tmp_path: Path) -> None:
    template = tmp_path / "gradebook.csv"
    template.write_text(CANVAS)
    report = run_export(batch, "canvas", template, None, problems=COURSE)
    assert (report.format, report.grades) == ("canvas", 1)
    assert [(u.kind, u.name) for u in report.unmatched] == [
        ("problem", "02-conv-bias"),
        ("student", "Bob Ray"),
        ("student", '=HYPERLINK("http://x";"Eve")'),
    ]


WRONG = {
    "no-such-folder": ("outt", "csv", None, "there is no folder", "grade batch"),
    "no-batch": ("empty", "csv", None, "holds no results.jsonl", "grade batch"),
    "no-such-format": ("out", "canvs", None, "there is no format 'canvs'", "did you mean canvas?"),
    "needs-a-template": ("out", "canvas", None, "needs the file downloaded", "Export Entire Gradebook"),
    "moodle-needs-one": ("out", "moodle", None, "needs the file downloaded", "grading worksheet"),
    "takes-no-template": ("out", "csv", "t.csv", "csv takes no template", ""),
    "no-such-template": ("out", "canvas", "tt.csv", "there is no", "t.csv?"),
    "template-is-a-folder": ("out", "canvas", "empty", "is a folder", ""),
}


@pytest.mark.parametrize(("directory", "format", "template", "words", "hint"), WRONG.values(), ids=WRONG)
def test_wrong_usage(
    batch: Path, tmp_path: Path, directory: str, format: str, template: str | None, words: str, hint: str
) -> None:
    (tmp_path / "t.csv").write_text(CANVAS)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=words) as error:
        run_export(tmp_path / directory, format, tmp_path / template if template else None, None)
    assert hint in (error.value.hint or "")


def test_a_batch_that_was_killed_while_writing(batch: Path) -> None:
    results = batch / RESULTS
    results.write_bytes(results.read_bytes() + b'{"problem": "01-maxp')
    report = run_export(batch, "csv", None, None)
    assert report.grades == 5
    assert any("middle of a line" in note for note in report.notes)


def test_a_damaged_line_inside_is_named(batch: Path) -> None:
    results = batch / RESULTS
    results.write_bytes(b"oops\n" + results.read_bytes())
    with pytest.raises(UsageError, match="line 1"):
        run_export(batch, "csv", None, None)


def test_results_of_a_newer_version_are_not_misread(batch: Path) -> None:
    results = batch / RESULTS
    results.write_bytes(results.read_bytes().replace(b'"schema":1', b'"schema":2'))
    with pytest.raises(UsageError, match="newer version"):
        run_export(batch, "csv", None, None)


def test_without_the_list_of_students(batch: Path) -> None:
    (batch / STUDENTS).unlink()
    report = run_export(batch, "csv", None, None)
    assert [row[0] for row in table(report.written[0].read_bytes())[1:]] == ["101", "102", "103"]
    assert any(STUDENTS in note for note in report.notes)


def test_a_later_line_replaces_an_earlier_one(tmp_path: Path) -> None:
    batch = write_batch(tmp_path / "out", (*GRADES, grade("101", "01-maxpool", 1, 10)))
    (path,) = run_export(batch, "csv", None, None).written
    assert only(table(path.read_bytes()), ["01-maxpool"])[1] == ["1"]


def test_students_survive_the_file() -> None:
    read = students_from_json(students_to_json(CLASS, {"104": {"": "handed in nothing"}}))
    assert [(one.id, one.name, one.late, one.sis_id, one.login, one.email) for one in read] == [
        (one.id, one.name, one.late, one.sis_id, one.login, one.email) for one in CLASS
    ]
    assert [one.remarks for one in read] == [{}, {}, {}, {"": "handed in nothing"}]


SAFE = {
    "alice": "alice",
    "Zoë": "Zoë",
    "jane@example.edu": "jane_example.edu-",
    "../../etc": "etc-",
    "": "student-",
    "CON": "CON-",
    "a" * 200: "a" * 80 + "-",
    "a/b": "a_b-",
}


@pytest.mark.parametrize(("student", "name"), SAFE.items(), ids=[repr(key[:20]) for key in SAFE])
def test_safe_name(student: str, name: str) -> None:
    assert safe_name(student).startswith(name)
    assert safe_name(student) == name or len(safe_name(student)) == len(name) + 8


def test_hostile_ids_stay_inside(tmp_path: Path) -> None:
    hostile = "../../../x"
    batch = write_batch(tmp_path / "out", (grade(hostile, "01-maxpool", 1, 10),), (Student(hostile, "x"),))
    (path,) = run_export(batch, "gradescope", None, None).written
    assert path.resolve().is_relative_to(batch.resolve())


@pytest.mark.parametrize("format", ["csv", "junit", "gradescope", "page"])
def test_without_names_nothing_says_who_is_who(batch: Path, tmp_path: Path, format: str) -> None:
    report = run_export(batch, format, None, tmp_path / "x", problems=COURSE, anonymous=True)
    assert report.grades == 5
    texts = [path.read_text(encoding="utf-8") for path in report.written]
    names = [str(path.relative_to(tmp_path)) for path in report.written]
    for student in CLASS:
        for word in (student.name, student.login, student.email, student.sis_id, f"{student.id}/"):
            assert not word or not any(word in text for text in (*texts, *names))
    assert all("student " in text or "student_" in name for text, name in zip(texts, names, strict=True))
    assert not any("invalid syntax" in text or "gave 7" in text for text in texts), "what a student wrote"


@pytest.mark.parametrize("format", ["canvas", "moodle"])
def test_a_platforms_own_table_cannot_be_without_names(batch: Path, tmp_path: Path, format: str) -> None:
    (tmp_path / "t.csv").write_text(CANVAS, encoding="utf-8")
    with pytest.raises(UsageError, match="names the students itself"):
        run_export(batch, format, tmp_path / "t.csv", None, problems=COURSE, anonymous=True)


def test_the_page_has_no_links_to_anybody(batch: Path, tmp_path: Path) -> None:
    (path,) = run_export(batch, "page", None, tmp_path / "x.html", problems=COURSE).written
    page = path.read_text(encoding="utf-8")
    assert "Ann Lee" in page
    assert "The kernel was flipped" in page
    assert 'href="./' not in page
    assert "look alike" not in page


def test_whoever_cannot_be_written_is_left_out_and_told(batch: Path) -> None:
    gradebook = read_gradebook(batch)
    odd = {person.student.id for person in gradebook.people[::2]}

    def make(request: ExportRequest) -> Filled:
        ids = [person.student.id for person in request.gradebook.people]
        if odd & set(ids):
            raise ZeroDivisionError("float division by zero")
        return Filled({(): " ".join(ids).encode()}, len(ids))

    filled = made(ExportFormat("x", "x.txt", make), ExportRequest(gradebook))
    others = [person.student.id for person in gradebook.people if person.student.id not in odd]
    assert others
    assert filled.content.decode().split() == others
    names = {person.student.name for person in gradebook.people if person.student.id in odd}
    assert {missed.name for missed in filled.unmatched} == names
    assert all("ZeroDivisionError: float division by zero" in missed.reason for missed in filled.unmatched)

    def never(request: ExportRequest) -> Filled:
        raise ZeroDivisionError(len(request.gradebook.people) and "always")

    with pytest.raises(ZeroDivisionError):
        made(ExportFormat("x", "x.txt", never), ExportRequest(gradebook))
