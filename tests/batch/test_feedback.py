"""`grade feedback` and `grade regrade`: what comes back carries the names that went out, and nobody gets another's."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.batch.feedback import FEEDBACK_FORMATS, FeedbackReport
from grader.batch.store import Store
from grader.intake.model import Student
from tests.batch.conftest import COURSE, HERE, RIGHT, SQUARE, Graded, batch, hand_in, percents, table
from tests.conftest import Ran, grade

GOLDEN = {
    "moodle": (
        "moodle",
        {
            "Jane Doe_12345_assignsubmission_file/01-double.html",
            "Jane Doe_12345_assignsubmission_file/02-total.html",
            "Zoë Müller_77_assignsubmission_file/02-total.html",
        },
    ),
    "moodle-files": ("moodle", None),
    "moodle-trailing-underscore": ("moodle", None),
    "canvas": (
        "canvas",
        {
            "doejane_12345_67999_01-1-01-double.html",
            "doejane_12345_67891_02-02-total.html",
            "poecy_88_70001_01-01-double.html",
            "roebob_LATE_77_70000_02-02-total.html",
        },
    ),
    "canvas-anonymous": ("canvas", None),
}


# A variant of another one's download, whose names are read by tests of the intake as well.
ALIKE = ("canvas-anonymous", "moodle-trailing-underscore")


def handed_back(out: Path, *words: str | Path, cwd: Path = COURSE) -> Ran:
    return grade("feedback", out, *words, cwd=cwd)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("layout", "format", "names"),
    [pytest.param(k, *v, marks=[pytest.mark.whole] if k in ALIKE else [], id=k) for k, v in GOLDEN.items()],
)
def test_round_trip(layout: str, format: str, names: set[str] | None, tmp_path: Path) -> None:
    source = HERE / "golden" / layout / "submissions"
    out = tmp_path / "out"
    assert batch(COURSE, source, out).code == 0
    ran = handed_back(out, "--format", format, "--source", source, "--out", tmp_path / "back.zip")
    assert ran.code == 0, ran.err
    with zipfile.ZipFile(tmp_path / "back.zip") as archive:
        found = set(archive.namelist())
        pages = {name: archive.read(name).decode() for name in found}
    assert names is None or found == names
    assert len(found) == len(percents(out))
    went_out = [str(path.relative_to(source)) for path in source.rglob("*")]
    for name, page in pages.items():
        assert "<script" not in page
        if format == "moodle":
            prefix = name.partition("/")[0] if "/" in name else name.rpartition("_")[0]
            assert any(path.startswith(prefix) for path in went_out), name
        else:
            numbers = "_".join(name.split("_")[:-1])
            assert any(path.startswith(numbers) for path in went_out), name


NAMES = st.text(st.sampled_from("aeiklnoqstuzäßøłçé李04"), min_size=1, max_size=6)
NUMBERS = st.integers(1, 99_999).map(str)
OWN = st.sampled_from(["02", "2_3", "my 4_5_answer", "a.b", "link_x", "x_link", "LATE", "Übung_2", "question_2"])


def report(source: str, number: int) -> FeedbackReport:
    student = Student(str(number), f"student {number}")
    return FeedbackReport(student, "02-conv-bias", f"pages/{number}.html", source)


def canvas_finds(name: str) -> tuple[str, str] | None:
    """User, or anonymous id, and attachment: as Canvas's own source finds them in a file's name."""
    parts = [part for part in name.split("_") if part != "LATE"]
    if parts[0] == "anon":
        found = parts[1:3]
    else:
        found = [part for part in parts if re.fullmatch("[0-9]+", part)][:2]
    return (found[0], found[1]) if len(found) == 2 and not parts[-1].startswith("link") else None


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["plain", "late", "anon", "quiz"]), NAMES, NUMBERS, NUMBERS, OWN),
        min_size=1,
        max_size=6,
        unique_by=lambda each: each[3],
    )
)
def test_canvas_finds_every_report_that_is_handed_back(handed_in: list[tuple[str, str, str, str, str]]) -> None:
    shapes = {
        "plain": "{name}_{user}_{attachment}_{own}.py",
        "late": "{name}_LATE_{user}_{attachment}_{own}.py",
        "anon": "LATE_anon_{name}_{attachment}_{own}.py",
        "quiz": "{name}{user}_question_7_{attachment}_{own}.py",
    }
    reports, whose, easy = [], {}, set()
    for number, (kind, name, user, attachment, own) in enumerate(handed_in):
        name = re.sub("[^A-Za-z0-9]", "x", name)[:5] if kind == "anon" else name
        source = shapes[kind].format(name=name, user=user, attachment=attachment, own=own)
        reports.append(report(source, number))
        whose[f"pages/{number}.html"] = (name if kind == "anon" else user, attachment)
        if kind != "quiz" and not name.isdigit() and own in ("02", "2_3", "a.b", "Übung_2"):
            easy.add(f"pages/{number}.html")
    made = FEEDBACK_FORMATS["canvas"].make(reports)
    assert {name: canvas_finds(name) for name in made.files} == {
        name: whose[str(page)] for name, page in made.files.items()
    }
    assert len(made.files) + len(made.left_out) == len(reports), "who gets nothing is named"
    assert easy <= set(made.files.values()), "nobody is left out without need"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["", " B", "_B", "_9_B"]), NAMES, NUMBERS, st.sampled_from(["/", "_", "_/"]), OWN),
        min_size=1,
        max_size=6,
        unique_by=lambda each: each[2],
    )
)
def test_moodle_finds_every_report_that_is_handed_back(handed_in: list[tuple[str, str, str, str, str]]) -> None:
    """Moodle takes the second of the parts between underscores for the participant's number."""
    reports, whose = [], {}
    for place, (more, name, number, joint, own) in enumerate(handed_in):
        reports.append(report(f"DL/{name}{more}_{number}_assignsubmission_file{joint}{own}.py", place))
        whose[f"pages/{place}.html"] = number, "_" in more
    made = FEEDBACK_FORMATS["moodle"].make(reports)
    for name, page in made.files.items():
        assert (name.split("_")[1], False) == whose[str(page)]
        assert name.split("_")[2] == "assignsubmission"
    assert len(made.files) == sum(not odd for _, odd in whose.values())
    assert len(made.left_out) == len(reports) - len(made.files)


@pytest.mark.slow
def test_each_download_gets_the_reports_of_what_counts_in_it(small: Path, tmp_path: Path) -> None:
    """A late round, a group that hands in once, a resubmission: whose report goes where is told by name."""
    (small / "course.yaml").write_text("groups: groups.csv\n", encoding="utf-8")
    (small / "groups.csv").write_text("student,group\n3,g\n4,g\n", encoding="utf-8")
    folder = "{}_assignsubmission_file/01.py"
    people = {name: folder.format(name) for name in ("Jörg Öz_1", "Bo Li_2", "Zoë A_3", "Dee B_4")}
    first = {people["Jörg Öz_1"]: RIGHT, people["Bo Li_2"]: RIGHT, people["Zoë A_3"]: RIGHT}
    late = {people["Bo Li_2"]: SQUARE, people["Dee B_4"]: SQUARE}
    out = tmp_path / "out"
    for name, files in (("first", first), ("late", late)):
        roster = tmp_path / "roster.csv"
        roster.write_text("id,name\n1,Jörg Öz\n2,Bo Li\n5,Eve C\n6,Fay D\n", encoding="utf-8")
        work = hand_in(tmp_path / name, {**files, "Fay D_6_assignsubmission_file/01.pdf": "%PDF"})
        if name == "late":
            shutil.rmtree(work / "Fay D_6_assignsubmission_file")
        ran = batch(small, work, out, "--add", "--roster", roster)
        assert ran.code == 0, ran.err
    missing = [row for row in table(out / "notices.csv") if row[1] == "missing"]
    assert [row[2] for row in missing] == ["5"], "once, and nobody who handed in something in any round"
    assert "from first, late" in (out / "index.html").read_text(encoding="utf-8")
    told = {}
    for name in ("first", "late"):
        back = tmp_path / f"{name}.zip"
        ran = handed_back(out, "--format", "moodle", "--source", tmp_path / name, "--out", back, cwd=small)
        assert ran.code == 0, ran.err
        told[name] = ran.err
        with zipfile.ZipFile(back) as archive:
            whose = {"first": ["Jörg Öz_1"], "late": ["Bo Li_2", "Dee B_4"]}[name]
            assert sorted(archive.namelist()) == [f"{each}_assignsubmission_file/01-double.html" for each in whose]
    for who in ("Bo Li", "Zoë A"):
        assert f"{who}: another answer to 01-double counts, of another download" in told["first"]
    assert "Zoë A: Dee B handed in 01-double for the group, and gets it back" in told["late"]
    ran = handed_back(out, "--format", "folders", "--source", tmp_path / "late", "--out", tmp_path / "x", cwd=small)
    assert {path.name for path in (tmp_path / "x").iterdir()} == {"2", "3", "4"}, "in folders, everybody of the group"


@pytest.mark.slow
def test_where_nobody_would_get_anything_nothing_is_written(tmp_path: Path) -> None:
    source = HERE / "golden" / "canvas-quiz" / "submissions"
    assert batch(COURSE, source, tmp_path / "out").code == 0
    ran = handed_back(tmp_path / "out", "--format", "canvas", "--source", source, "--out", tmp_path / "back.zip")
    assert ran.code == 2
    assert "Canvas takes no file back that was handed in to a quiz" in ran.err
    assert not (tmp_path / "back.zip").exists()


def test_folders_and_mail(ready: Graded, tmp_path: Path) -> None:
    ran = handed_back(ready.out, "--format", "folders", "--out", tmp_path / "back", cwd=ready.course)
    assert ran.code == 0, ran.err
    found = {str(path.relative_to(tmp_path / "back")) for path in (tmp_path / "back").rglob("*.html")}
    assert found == {f"{student}/{problem}.html" for student, problem in percents(ready.out)}
    ran = handed_back(ready.out, "--format", "mail", "--out", tmp_path / "mail", cwd=ready.course)
    assert ran.code == 0, ran.err
    assert "Ann Lee: has no e-mail address" in ran.err
    assert table(tmp_path / "mail" / "mail.csv") == [["email", "name", "student", "attachments"]]


@pytest.mark.slow
def test_mail_goes_to_the_addresses_of_the_roster(small: Path, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("id,name,email\nann,Ann Lee,ann@x.edu\n", encoding="utf-8")
    work = hand_in(tmp_path / "work", {"ann/01.py": RIGHT, "bob/01.py": SQUARE})
    assert batch(small, work, tmp_path / "out", "--roster", tmp_path / "roster.csv").code == 0
    ran = handed_back(tmp_path / "out", "--format", "mail", "--source", work, "--out", tmp_path / "mail", cwd=small)
    assert ran.code == 0, ran.err
    assert table(tmp_path / "mail/mail.csv")[1:] == [["ann@x.edu", "Ann Lee", "ann", "ann/01-double.html"]]
    assert "bob: has no e-mail address" in ran.err
    assert {path.name for path in (tmp_path / "mail").iterdir()} == {"ann", "mail.csv"}


@pytest.mark.slow
def test_a_download_is_read_as_it_was_graded(small: Path, tmp_path: Path) -> None:
    """By its plan, though that was edited and is gone by now; the whole download, and one that lies in it."""
    work = hand_in(tmp_path / "work", {"one/x_7_assignsubmission_file/a.py": RIGHT, "b.py": SQUARE, "c.pdf": "%PDF"})
    plan = tmp_path / "my plan.csv"
    rows = [
        "student,name,problem,use,file,why",
        "ann,Ann,01,answer,one/x_7_assignsubmission_file/a.py,",
        "bob,Bob,01,answer,b.py,",
        "cy,Cy,02,,c.pdf,is a printout",
    ]
    plan.write_text("\n".join(rows), encoding="utf-8")
    ran = batch(small, work, tmp_path / "out", "--use-plan", plan)
    assert ran.code == 0, ran.err
    plan.unlink()
    for name, source, found in (
        ("all", work, {"ann/01-double.html", "bob/01-double.html"}),
        ("part", work / "one", {"ann/01-double.html"}),
    ):
        ran = handed_back(
            tmp_path / "out", "--format", "folders", "--source", source, "--out", tmp_path / name, cwd=small
        )
        assert ran.code == 0, ran.err
        assert {str(path.relative_to(tmp_path / name)) for path in (tmp_path / name).rglob("*.html")} == found
    moved = shutil.copytree(work / "one", tmp_path / "moved")
    ran = handed_back(tmp_path / "out", "--format", "folders", "--source", moved, "--out", tmp_path / "x", cwd=small)
    assert ran.code == 2
    assert "does not hold the files of my plan.csv, the plan that was graded; nothing was written" in ran.err
    ran = grade("regrade", tmp_path / "out", "ann", cwd=small)
    assert "Graded 1 submission again." in ran.out, ran.err
    assert "1 of 1" in ran.err, "of how many, as a batch says it"


@pytest.mark.slow
def test_no_cell_is_empty_without_a_word(small: Path, tmp_path: Path) -> None:
    work = hand_in(tmp_path / "work", {"ann/01.py": RIGHT, "ann/02.pdf": "%PDF", "cy/photo.jpg": "GIF89a"})
    out = tmp_path / "out"
    assert batch(small, work, out).code == 0
    printout = "ann/02.pdf is neither code nor a file that the code asks for; a printout is not graded"
    picture = "cy holds nothing that can be graded; there is only photo.jpg"
    listed = {one["id"]: one["remarks"] for one in json.loads((out / "students.json").read_text(encoding="utf-8"))}
    assert {id: {key: text[:40] for key, text in own.items()} for id, own in listed.items()} == {
        "ann": {"02-total": printout[:40]},
        "cy": {"": picture[:40]},
    }
    assert ["ann/02.pdf", "unmatched", "ann", "02-total"] in [row[:4] for row in table(out / "notices.csv")]


def test_another_download_is_refused(mine: Graded, tmp_path: Path) -> None:
    other = shutil.copytree(mine.work, tmp_path / "other")
    (other / "bob/double.py").write_text("# of another assignment\n" + RIGHT, encoding="utf-8")
    ran = handed_back(mine.out, "--format", "folders", "--source", other, "--out", tmp_path / "x", cwd=mine.course)
    assert ran.code == 2
    assert "1 of 6 answers in it are none of those graded: bob/double.py" in ran.err
    assert not (tmp_path / "x").exists()


WRONG = {
    "format": (["--format", "modle", "--out", "{tmp}/x.zip"], "did you mean moodle?"),
    "no-source": (["--format", "moodle", "--out", "{tmp}/x.zip"], "--source is missing"),
    "source-that-is-not-there": (["--format", "moodle", "--source", "{tmp}/no", "--out", "{tmp}/x.zip"], "there is no"),
    "not-of-moodle": (["--format", "moodle", "--source", "{work}", "--out", "{tmp}/x.zip"], "download from Moodle"),
    "not-of-canvas": (["--format", "canvas", "--source", "{work}", "--out", "{tmp}/x.zip"], "download from Canvas"),
    "there-already": (["--format", "folders", "--out", "{tmp}"], "exists already"),
}


@pytest.mark.parametrize(("words", "says"), WRONG.values(), ids=WRONG)
def test_wrong_usage(ready: Graded, tmp_path: Path, words: list[str], says: str) -> None:
    filled = [word.format(tmp=tmp_path, work=ready.work) for word in words]
    ran = handed_back(ready.out, *filled, cwd=ready.course)
    assert ran.code == 2, ran.out
    assert says in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_one_students_answer_is_graded_again_and_what_changed_is_told(mine: Graded) -> None:
    check = mine.course / "problems/01-double/checks/test_double.py"
    text = check.read_text(encoding="utf-8")
    check.write_text(text.replace("assert_equal(submission.double(3), 6)", "assert submission.double(3) in (6, 9)"))
    ran = grade("regrade", mine.out, "bob", "01", cwd=mine.course)
    assert ran.code == 0, ran.err
    assert "Graded 1 submission again." in ran.out
    assert "01-double, Three becomes six.: 1 gain" in ran.out
    after = percents(mine.out)
    assert (after["ann", "01-double"], after["bob", "01-double"]) == (100.0, 25.0)
    same = grade("regrade", mine.out, "bob", cwd=mine.course)
    assert "Graded 2 submissions again." in same.out
    assert "No grade differs from what" in same.out
    assert percents(mine.out) == after


NOBODY = {
    "student": (["bbo"], "did you mean bob?"),
    "problem": (["bob", "03"], "there is no problem 03"),
    "no-answer": (["cy", "02"], "there is no answer of cy"),
}


@pytest.mark.parametrize(("words", "says"), NOBODY.values(), ids=NOBODY)
def test_what_cannot_be_regraded(ready: Graded, words: list[str], says: str) -> None:
    ran = grade("regrade", ready.out, *words, cwd=ready.course)
    assert ran.code == 2
    assert says in ran.err


@pytest.mark.slow
def test_what_answers_otherwise_today_is_published(small: Path, tmp_path: Path) -> None:
    source = "import time\n\n\ndef double(x):\n    return 2 * x if time.time_ns() // 1000 % 2 else 0\n"
    work, out = hand_in(tmp_path / "work", {"ann/01.py": source}), tmp_path / "out"
    assert batch(small, work, out).code == 0
    first = percents(out)
    for _ in range(12):
        assert grade("regrade", out, "ann", cwd=small).code == 0
        with Store(out) as store:
            (row,) = store.rows()
        assert row.grade is not None
        assert percents(out) == {("ann", "01-double"): row.grade.percent}
        if percents(out) != first:
            return
    raise AssertionError("thirteen gradings by the clock, and all came out alike")
