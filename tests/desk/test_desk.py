"""`grade desk`: what is on it is what the store holds, and what it changes is what the commands change."""

from __future__ import annotations

import html
import io
import os
import re
import shutil
import signal
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.batch.lock import locked
from tests.batch.conftest import RIGHT, batch, hand_in, percents, table
from tests.conftest import COMMAND, command_line, grade
from tests.desk.conftest import LONG, Class, OpenDesk

pytest.importorskip("httpx", reason="httpx is not installed")
pytest.importorskip("uvicorn", reason="the desk's extra is not installed")

pytestmark = pytest.mark.slow

Opened = Callable[..., OpenDesk]


def words(text: str) -> str:
    """A page's text, without its tags."""
    return " ".join(html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)).split())


def undo(desk: OpenDesk, answer: str) -> str:
    found = re.search(r'name="which" value="(\w+)"', desk.get(f"answer/{answer}").text)
    assert found is not None
    return desk.post(f"undo/{answer}", which=found[1], back=f"answer/{answer}")


def test_the_class_has_every_student_and_grade(looked_at: OpenDesk) -> None:
    page = looked_at.get("").text
    assert "7 of 7 answers graded" in words(page)
    rows = re.findall(r"<tr data-o=.*?(?=<tr data-o|</tbody>)", page, re.DOTALL)
    assert len(rows) == 6
    by_name = {words(row).split()[0]: row for row in rows}
    assert "Zoe" in by_name
    assert '<a href="./answer/bob/01-double">0</a>' in by_name["Bob"]
    assert '<a href="./answer/bob/02-total" title="a part waits to be graded by hand">20+</a>' in by_name["Bob"]
    assert 'title="Could not be graded"' in by_name["cy"]


def test_an_answer_has_code_report_checks_and_how_the_class_fared(looked_at: OpenDesk) -> None:
    page = looked_at.get("answer/bob/01-double").text
    said = words(page)
    assert "def double ( x )" in said or "def double(x)" in said
    assert 'src="' + looked_at.address.removeprefix(looked_at.origin) + 'report/bob/01-double"' in page
    assert "Three becomes six." in said
    # Ann, Dee and Eve pass, Bob does not; nothing of Cy's was checked.
    assert "75 %" in said
    assert "dee/01_old.py" not in said, "it is Dee's"
    assert "dee/01_old.py" in words(looked_at.get("answer/dee/01-double").text)
    assert 'rel="next"' in page
    assert 'rel="prev"' in page


def test_hidden_checks_tell_staff_what_they_asked(mine: Class, opened: Opened) -> None:
    """And nobody else: neither the student's page nor a file of the class changes."""
    desk = opened(mine)
    before = {path: path.read_bytes() for path in mine.out.rglob("*") if path.suffix in (".html", ".jsonl", ".csv")}
    assert desk.get("told/bob/01-double").status_code == 404
    told = desk.post("ask/bob/01-double", back="answer/bob/01-double")
    assert told == "Asked again: the report tells hidden checks in full. For staff alone."
    page = desk.get("told/bob/01-double")
    assert page.headers["content-security-policy"] == "sandbox"
    assert "double(-2)" in page.text
    assert "double(-2)" not in desk.get("report/bob/01-double").text
    assert "With hidden checks told: for staff alone." in words(desk.get("answer/bob/01-double").text)
    assert before == {path: path.read_bytes() for path in before}
    (mine.out / "adjustments.csv").write_text(
        "student,problem,to,because\nbob,01,3,edited elsewhere\n", encoding="utf-8"
    )
    for page in ("told", "report"):
        assert "edited elsewhere" in desk.get(f"{page}/bob/01-double").text, "by the rules of now"


def test_no_desk_without_walls(mine: Class) -> None:
    """Where rooms would be plain processes others' code is neither asked nor graded."""
    lacking = "import grader.sandbox.launch as l; l.why_it_cannot_start = lambda: 'none can be built'"
    command = command_line("desk", mine.out, program=f"{lacking}; {COMMAND}")
    ran = subprocess.run(command, cwd=mine.course, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 4
    assert "there are none here: none can be built" in ran.stderr
    assert ran.stdout == ""


def test_an_adjustment_is_the_commands_and_can_be_taken_back(mine: Class, opened: Opened) -> None:
    desk = opened(mine)
    said = desk.post(
        "adjust/bob/01-double",
        change="points", number="+1,5", because="--to=4 and =1+1", by="Ada", back="answer/bob/01-double",
    )  # fmt: skip
    assert said.startswith("bob, 01-double: 0 → 1.5 of 4 points (+1.5)")
    assert "--to=4 and =1+1 (Ada, 20" in desk.get("report/bob/01-double").text, "before it is written"
    assert percents(desk.written())["bob", "01-double"] == 37.5
    (line,) = table(mine.out / "adjustments.csv")[1:]
    assert line[:4] == ["bob", "01-double", "", "+1.5"]
    assert "--to=4 and =1+1 (Ada, 20" in (mine.out / "pages/bob/01-double.html").read_text(encoding="utf-8")
    page = desk.get("answer/bob/01-double").text
    assert "--to=4 and =1+1 (Ada, 20" in words(page)
    assert "--to=4 and =1+1" in words(desk.get("adjustments").text)
    said = desk.post(
        "adjust/bob/01-double", change="to", number="1", check="test_number.py::test_a_number", because="x"
    )
    assert "there is no check test_number.py::test_a_number" in said
    assert "nothing was taken back" in desk.post("undo/bob/01-double", which="old")
    assert undo(desk, "bob/01-double").startswith("bob, 01-double: 1.5 → 0 of 4 points (−1.5)")
    assert percents(desk.written())["bob", "01-double"] == 0
    assert table(mine.out / "adjustments.csv")[1:] == []
    (gone,) = table(mine.out / "undone.csv")[1:]
    assert gone[: len(line)] == line
    assert (
        "there is no adjustment to take back of bob"
        in grade("adjust", mine.out, "bob", "01", "--undo", cwd=mine.course).err
    )


def test_what_is_graded_by_hand_is_written_behind_the_pages(mine: Class, opened: Opened) -> None:
    desk = opened(mine)
    assert "2 answers wait to be graded by hand : until then their scores" in words(desk.get("hand-back").text)
    assert "a part waits to be graded by hand" in desk.get("").text
    told = grade("export", mine.out, "--format", "csv", "--out", mine.out.parent / "early.csv", cwd=mine.course).err
    assert "2 answers wait to be graded by hand: no score of theirs is handed on" in told
    page = mine.out / "pages/ann/02-total.html"
    for number, why in (("0", "a first look"), ("0", "a second look")):
        for student in ("ann", "bob"):
            said = desk.post(f"by-hand/{student}/02-total/why", number=number, because=why)
            assert "0 of 3 points" in said
        assert why in desk.get("report/ann/02-total").text, "as it will be written"
        assert why in (desk.written() / page).read_text(encoding="utf-8"), "the points alone are not what a page says"
    with locked(mine.out):
        desk.post("by-hand/ann/02-total/why", number="3", because="kept while a command is at work")
        assert "3 of 3 points" in words(desk.get("by-hand/ann/02-total/why").text)
        refused = desk.post("export", format="csv", back="hand-back")
        assert "kept, but not in the results yet: a command is at work" in refused
        assert "could not be written: a command is at work" in words(desk.get("").text)
        desk.close()
        ran = grade("adjust", mine.out, "bob", "01", "--points", "1", "--because", "x", cwd=mine.course)
        assert ran.code == 0
        assert "The results do not have it yet: another grade batch is at work" in ran.err
        assert "a second look" in page.read_text(encoding="utf-8"), "results of before, whole"
    said = grade("export", mine.out, "--format", "csv", "--out", mine.out.parent / "x.csv", cwd=mine.course).err
    assert f"grade adjust {mine.out}" in said
    assert grade("adjust", mine.out, cwd=mine.course).code == 0
    assert "kept while a command" in page.read_text(encoding="utf-8")
    assert percents(mine.out)["bob", "01-double"] == 25
    desk = opened(mine)
    for place in ("hand-back", ""):
        assert "to be graded by hand" not in desk.get(place).text, "nothing waits"


def test_two_desks_see_each_other_and_what_one_that_is_killed_leaves_is_written(mine: Class, opened: Opened) -> None:
    first, second = opened(mine), opened(mine)
    with locked(mine.out):
        first.post("adjust/bob/01-double", change="points", number="1", because="of the first")
        assert "of the first (" in words(second.get("answer/bob/01-double").text)
        second.post("adjust/bob/01-double", change="points", number="1", because="of the second")
        assert undo(first, "bob/01-double").startswith("bob, 01-double: 2 → 1 of 4 points (−1)"), "the last, whoever's"
        for desk in (first, second):
            os.killpg(desk.process.pid, signal.SIGKILL)
            desk.process.wait(20)
        assert percents(mine.out)["bob", "01-double"] == 0, "nobody could write it"
    third = opened(mine)
    assert percents(third.written())["bob", "01-double"] == 25
    (mine.out / "adjustments.csv").write_text("student,problem,to,because\nbob,1,3,by hand\n", encoding="utf-8")
    assert percents(third.written())["bob", "01-double"] == 75, "what was edited elsewhere is written before it is read"


WRONG = {
    "no-number": ({"number": "much", "because": "x"}, "much is no number of points; nothing was changed"),
    "nothing": ({"number": "", "because": "x"}, "how many points?"),
    "too-much": ({"change": "to", "number": "99", "because": "x"}, "more than the 4 points there are"),
    "no-reason": ({"number": "1", "because": " "}, "the reason is missing"),
    "how": ({"change": "undo", "number": "1", "because": "x"}, "change: this form does not take what was sent"),
}


@pytest.mark.parametrize(("fields", "says"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_adjusted(looked_at: OpenDesk, fields: dict[str, str], says: str) -> None:
    assert says in desk_says(looked_at, fields)
    assert not (looked_at.where.out / "adjustments.csv").exists()


def desk_says(desk: OpenDesk, fields: dict[str, str]) -> str:
    return desk.post("adjust/bob/01-double", back="answer/bob/01-double", **fields)


def test_the_last_of_several_is_taken_back_from_the_terminal(mine: Class) -> None:
    for number in ("1", "2"):
        ran = grade("adjust", mine.out, "bob", "01", "--points", number, "--because", "x", cwd=mine.course)
        assert ran.code == 0, ran.err
    ran = grade("adjust", mine.out, "bob", "01", "--undo", "--by", "Ada", cwd=mine.course)
    assert "bob, 01-double: 3 → 1 of 4 points (−2)" in ran.out
    assert [row[3] for row in table(mine.out / "adjustments.csv")[1:]] == ["+1"]
    assert [row[-2] for row in table(mine.out / "undone.csv")[1:]] == ["Ada"]
    ran = grade("adjust", mine.out, "bob", "01", "--undo", "--points", "1", cwd=mine.course)
    assert ran.code == 2
    assert "--undo takes an adjustment back and makes none" in ran.err


def test_a_class_is_followed_while_it_is_graded(mine: Class, opened: Opened) -> None:
    desk = opened(mine)
    first = desk.get("live?n=0").json()
    assert desk.get(f"live?n={first['n']}").json() == {"n": first["n"], "work": False}
    hand_in(mine.work, {"fay/01.py": RIGHT + "# Fay's\n"})
    ran = batch(mine.course, mine.work, mine.out, "--roster", mine.roster)
    assert ran.code == 0, ran.err
    now = desk.get(f"live?n={first['n']}").json()
    assert now["n"] > first["n"]
    assert "./answer/fay/01-double" in now["rows"]
    (mine.course / "course.yaml").write_text("probelms: []\n", encoding="utf-8")
    deadline = time.monotonic() + 20
    while "did you mean problems?" not in (page := words(desk.get("").text)):
        assert time.monotonic() < deadline
    assert "the rules from before hold" in page


def test_an_answer_is_graded_again(mine: Class, opened: Opened) -> None:
    checks = mine.course / "problems/01-double/checks"
    (file,) = checks.glob("test_*.py")
    desk = opened(mine)
    file.write_text(file.read_text(encoding="utf-8").replace("submission.double(-2), -4", "submission.double(-2), 4"))
    said = desk.post("regrade/bob/01-double", back="answer/bob/01-double")
    assert "Graded 1 submission again." in said
    assert percents(mine.out)["bob", "01-double"] == 25.0
    assert "1 / 1" in words(desk.get("answer/bob/01-double").text)


def test_a_notice_is_settled_by_a_line_of_the_plan(mine: Class, opened: Opened) -> None:
    """This older file of Dee's folder is Bob's: it takes the place of his, once that is graded."""
    desk = opened(mine)
    assert "dee/01_old.py" in words(desk.get("notices").text)
    assert "there is no student bbo; did you mean bob?" in desk.post(
        "settle", file="dee/01_old.py", student="bbo", problem="01-double", back="notices"
    )
    assert "there is no problem 01-dubble; did you mean 01-double?" in desk.post(
        "settle", file="dee/01_old.py", student="bob", problem="01-dubble", back="notices"
    )
    assert not (mine.out / "plan.csv").exists()
    said = desk.post("settle", file="dee/01_old.py", student="ann", problem="01-double", back="notices")
    assert said == "dee/01_old.py is to be the answer of ann to 01-double. It counts once it is graded."
    assert percents(mine.out)["ann", "01-double"] == 100.0, "not yet"
    desk.post("take-back", file="dee/01_old.py")
    assert "Settled, not graded yet" not in words(desk.get("notices").text)
    desk.post("settle", file="dee/01_old.py", student="ann", problem="01-double")
    assert "Graded 1 submission" in desk.post("grade")
    assert percents(mine.out)["ann", "01-double"] == 0.0
    assert percents(mine.out)["dee", "01-double"] == 100.0
    rows = {row[4]: row for row in table(mine.out / "plan.csv")[1:] if row[3] == "answer" or row[4].startswith("ann")}
    assert rows["dee/01_old.py"][0] == "ann"
    assert rows["ann/01.py"][3] == "", "it is kept, and counts no more"
    assert any(row[0] == "zoe" for row in table(mine.out / "scores.csv")), "who handed in nothing stays in the class"


def test_whose_a_file_is_can_be_settled_where_it_seemed_clear(mine: Class, opened: Opened) -> None:
    """A student who was none goes, since the file is another's; nobody's work goes with that."""
    hand_in(mine.work, {"janes stuff/01.py": f"{RIGHT}# Jane's\n"})
    ran = batch(mine.course, mine.work, mine.out, "--roster", mine.roster)
    assert ran.code == 0, ran.err
    desk = opened(mine)
    desk.post("settle", file="janes stuff/01.py", student="zoe", problem="01-double")
    desk.post("grade")
    students = {row[0] for row in table(mine.out / "scores.csv")}
    assert "zoe" in students
    assert "janes stuff" not in students
    assert percents(mine.out)["zoe", "01-double"] == 100.0


def test_exports_and_feedback_are_the_commands(mine: Class, opened: Opened) -> None:
    desk = opened(mine)
    assert desk.post("export", format="csv", back="hand-back") == "It is made: save it below."
    made = desk.get("made/1")
    assert made.headers["content-disposition"].startswith("attachment; ")
    assert grade("export", mine.out, "--format", "csv", "--out", mine.out / "x.csv", cwd=mine.course).code == 0
    assert made.content == (mine.out / "x.csv").read_bytes()
    assert "moodle needs the file downloaded from there" in desk.post("export", format="moodle")
    assert "there is no format 'nothing'" in desk.post("export", format="nothing")
    assert desk.post("feedback", format="folders", source="") == "It is made: save it below."
    number = max(map(int, re.findall(r'made/(\d+)"', desk.get("hand-back").text)))
    with zipfile.ZipFile(io.BytesIO(desk.get(f"made/{number}").content)) as archive:
        assert archive.read("bob/01-double.html") == (mine.out / "pages/bob/01-double.html").read_bytes()
    assert "is not named as in a download from Moodle" in desk.post("feedback", format="moodle", source=str(mine.work))


def test_a_template_is_sent_along(mine: Class, opened: Opened) -> None:
    desk = opened(mine)
    sheet = b"Identifier,Full name,Grade,Maximum Grade\nParticipant 1,Ann Lee,,100\n"
    reply = desk.client.post(
        "export", data={"format": "moodle"}, files={"template": ("../Grades 01-double.csv", sheet)}
    )
    assert "It is made: save it below." in reply.text, words(reply.text)[:2000]
    (number,) = re.findall(r'made/(\d+)"', reply.text)
    assert b"Ann Lee" in desk.get(f"made/{number}").content


def test_likenesses_are_ranked_and_shown_side_by_side(looked_at: OpenDesk) -> None:
    page = looked_at.get("alike").text
    assert "Ann Lee and eve" in words(page)
    assert "Bob" not in words(page).split("Problems, side by side")[1].split("Keys")[0]
    pair = looked_at.get("alike/01-double/ann/eve")
    assert pair.status_code == 200
    marked = re.findall(r'<mark class="p\d" data-n="1"[^>]*>(.*?)</mark>', pair.text)
    assert html.unescape(" ".join(marked)).count("return first + second if x is not None else None") == 2
    assert "eve" in words(looked_at.get("answer/ann/01-double").text).split("Looks like")[1]
    assert looked_at.get("alike/01-double/ann/zoe").status_code == 404


def test_an_earlier_class_is_a_further_source_of_likenesses(mine: Class, opened: Opened, tmp_path: Path) -> None:
    last = tmp_path / "2024"
    hand_in(last / "in", {"pat/01.py": f"{LONG}# Pat's\n", "quin/01.py": f"{LONG}# Quin's\n", "rose/01.py": RIGHT})
    assert batch(mine.course, last / "in", last / "results").code == 0
    (last / "results").chmod(0o500)
    again = (mine.course, mine.work, mine.out, "--roster", mine.roster)
    refused = batch(*again, "--likeness-with", last / "result")
    assert refused.code == 2
    assert f"did you mean {last / 'results'}?" in refused.err
    assert batch(*again, "--likeness-with", last / "results").code == 0
    assert ["01-double", "1", "ann;eve;2024/results: pat;2024/results: quin"] in table(mine.out / "alike.csv")
    desk = opened(mine)
    said = words(desk.get("alike").text)
    assert "pat (2024/results) and Ann Lee" in said
    assert "pat (2024/results) and quin" not in said, "last year's were compared last year"
    (pair,) = re.findall(r"alike/01-double/2024_results_pat[^/]*/ann", desk.get("alike").text)
    assert "return first" in words(desk.get(pair).text)
    (last / "results").chmod(0o700)
    shutil.rmtree(last)
    assert grade("adjust", mine.out, "ann", "01", "--points", "-1", "--because", "x", cwd=mine.course).code == 0
    assert any("there is no folder" in row[4] for row in table(mine.out / "notices.csv")), "and nothing else is lost"


def test_without_its_extra_the_command_says_what_to_install(looked_at: OpenDesk) -> None:
    lacking = (
        "import importlib.util as u; f = u.find_spec; u.find_spec = lambda n, *a: None if n == 'uvicorn' else f(n, *a)"
    )
    import subprocess

    from tests.conftest import command_line

    ran = subprocess.run(
        command_line("desk", looked_at.where.out, program=f"{lacking}; {COMMAND}"),
        cwd=looked_at.where.course, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert "the desk needs uvicorn" in ran.stderr
    assert "pip install 'torchgrade[desk]'" in ran.stderr


def test_where_there_are_no_results(looked_at: OpenDesk, tmp_path_factory: pytest.TempPathFactory) -> None:
    ran = grade("desk", tmp_path_factory.mktemp("none"), cwd=looked_at.where.course)
    assert ran.code == 2
    assert "holds no results of grade batch" in ran.err


def test_a_port_that_is_taken_is_said(looked_at: OpenDesk) -> None:
    port = looked_at.origin.rpartition(":")[2]
    ran = grade("desk", looked_at.where.out, "--port", port, cwd=looked_at.where.course)
    assert ran.code == 2
    assert f"port {port} cannot be had: Address already in use" in ran.err
