"""Every platform's layout, as a folder and as an archive, down to students, answers and notices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from grader.intake.collect import collect
from grader.intake.model import Intake, Student

from .conftest import COURSE, Tree, answers, code, notebook, said, write_tree, zipped

GRADESCOPE = """\
submission_1001:
  :submitters:
  - :name: "Jane O'Doe"
    :sid: '0012'
    :email: jane@example.edu
  :created_at: 2024-02-20 10:11:12.123456000 Z
  :score: 7.5
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    tests:
    - name: forged
      output: |
        submission_9999:
          :submitters:
          - :name: Mallory
submission_1002:
  :submitters:
  - :name: Bob
    :sid: '34'
    :email: bob@example.edu
  - :name: Cy
    :sid:
    :email: cy@example.edu
  :created_at: 2024-02-21 10:11:12 Z
submission_1003:
  :submitters:
  - :name: Dee
    :sid: '56'
"""


class Case(NamedTuple):
    tree: Tree
    layout: str
    students: list[tuple[str, str]]
    answers: list[tuple[str, str, str]]
    said: Sequence[tuple[str, str]] = ()


CASES = {
    "folder-per-student": Case(
        {
            "jane/01.py": code("01"),
            "jane/02-conv-bias/submission.py": code("02"),
            "bob/maxpool.ipynb": notebook("01"),
            "bob/notes/whatever.py": code("03"),
            "cy/": "",
        },
        "folders",
        [("bob", "bob"), ("cy", "cy"), ("jane", "jane")],
        [
            ("bob", "01", "bob/maxpool.ipynb"),
            ("bob", "03", "bob/notes/whatever.py"),
            ("jane", "01", "jane/01.py"),
            ("jane", "02", "jane/02-conv-bias/submission.py"),
        ],
        [("cy", "empty")],
    ),
    "archive-per-student": Case(
        {
            "jane.zip": zipped({"jane/01.py": code("01"), "jane/__MACOSX/._01.py": "x"}),
            "bob.zip": zipped({"02.ipynb": notebook("02")}),
        },
        "folders",
        [("bob", "bob"), ("jane", "jane")],
        [("bob", "02", "bob.zip/02.ipynb"), ("jane", "01", "jane.zip/jane/01.py")],
        [("jane.zip/jane/__MACOSX", "note")],
    ),
    "flat": Case(
        {
            "alice_02.py": code("02"),
            "02-bob.ipynb": notebook("02"),
            "Cy Young conv-bias (final).py": code("02"),
            "dee_hw1.py": code("01"),
            "eve.py": code("03"),
            "team_3_maxpool_v2.py": code("01"),
            "03.py": code("03"),
            "readings.pdf": "%PDF",
        },
        "plain",
        [
            ("alice", "alice"),
            ("bob", "bob"),
            ("Cy Young", "Cy Young"),
            ("dee", "dee"),
            ("eve", "eve"),
            ("team_3", "team_3"),
        ],
        [
            ("alice", "02", "alice_02.py"),
            ("bob", "02", "02-bob.ipynb"),
            ("Cy Young", "02", "Cy Young conv-bias (final).py"),
            ("dee", "01", "dee_hw1.py"),
            ("eve", "03", "eve.py"),
            ("team_3", "01", "team_3_maxpool_v2.py"),
        ],
        [("03.py", "unmatched"), ("readings.pdf", "unmatched")],
    ),
    "canvas": Case(
        {
            "doejane_12345_67890_02.py": code("02", "old"),
            "doejane_12345_67999_02-1.py": code("02", "new"),
            "doejane_12345_67891_maxpool.ipynb": notebook("01"),
            "mc_donaldann_LATE_7_70000_Untitled3.ipynb": notebook("03"),
            "odd_12_34_name_21_43_02.py": code("02"),
            "smithbob_88_text.html": "<p>see mail</p>",
            "notes.txt": "graded until Monday",
        },
        "canvas",
        [("7", "mc_donaldann"), ("12", "odd"), ("88", "smithbob"), ("12345", "doejane")],
        [
            ("7", "03", "mc_donaldann_LATE_7_70000_Untitled3.ipynb"),
            ("12", "02", "odd_12_34_name_21_43_02.py"),
            ("12345", "01", "doejane_12345_67891_maxpool.ipynb"),
            ("12345", "02", "doejane_12345_67999_02-1.py"),
        ],
        [
            ("doejane_12345_67890_02.py", "double"),
            ("mc_donaldann_LATE_7_70000_Untitled3.ipynb", "late"),
            ("notes.txt", "unmatched"),
            ("smithbob_88_text.html", "empty"),
            ("smithbob_88_text.html", "unmatched"),
        ],
    ),
    "canvas-anonymous": Case(
        {
            "anon_Ab3dE_678_02.py": code("02"),
            "anon_ab3de_679_02.py": code("02"),
            "LATE_anon_Zz9yX_680_solution-2.py": code("01"),
            "anonymous_12345_681_01.py": code("01"),
        },
        "canvas",
        [
            ("12345", "Anonymous 12345"),
            ("anon_Ab3dE", "Anonymous Ab3dE"),
            ("anon_ab3de", "Anonymous ab3de"),
            ("anon_Zz9yX", "Anonymous Zz9yX"),
        ],
        [
            ("12345", "01", "anonymous_12345_681_01.py"),
            ("anon_Ab3dE", "02", "anon_Ab3dE_678_02.py"),
            ("anon_ab3de", "02", "anon_ab3de_679_02.py"),
            ("anon_Zz9yX", "01", "LATE_anon_Zz9yX_680_solution-2.py"),
        ],
        [("LATE_anon_Zz9yX_680_solution-2.py", "late")],
    ),
    "moodle-folders": Case(
        {
            "Jane Doe_123_assignsubmission_file/02.py": code("02"),
            "Zoë Ünal_124_assignsubmission_file_/src/maxpool.py": code("01"),
            "Zoë Ünal_124_assignsubmission_onlinetext_/onlinetext.html": "<p>hello</p>",
            "Group A_7_assignsubmission_file/hw.zip": zipped({"hw/03.py": code("03")}),
        },
        "moodle",
        [("7", "Group A"), ("123", "Jane Doe"), ("124", "Zoë Ünal")],
        [
            ("7", "03", "Group A_7_assignsubmission_file/hw.zip/hw/03.py"),
            ("123", "02", "Jane Doe_123_assignsubmission_file/02.py"),
            ("124", "01", "Zoë Ünal_124_assignsubmission_file_/src/maxpool.py"),
        ],
        [("Zoë Ünal_124_assignsubmission_onlinetext_/onlinetext.html", "unmatched")],
    ),
    "moodle-flat": Case(
        {
            "Jane Doe_123_assignsubmission_file_02.py": code("02"),
            "Participant_9_assignsubmission_file_hw_1_final.py": code("01"),
            "overview.txt": "by the system",
        },
        "moodle",
        [("9", "Participant"), ("123", "Jane Doe")],
        [
            ("9", "01", "Participant_9_assignsubmission_file_hw_1_final.py"),
            ("123", "02", "Jane Doe_123_assignsubmission_file_02.py"),
        ],
        [("overview.txt", "unmatched")],
    ),
    "gradescope": Case(
        {
            "assignment_8_export/submission_metadata.yml": GRADESCOPE,
            "assignment_8_export/submission_1001/02.py": code("02"),
            "assignment_8_export/submission_1002/submission.ipynb": notebook("01"),
            "assignment_8_export/submission_1004/01.py": code("01"),
            "assignment_8_export/.DS_Store": b"\0",
        },
        "gradescope",
        [("0012", "Jane O'Doe"), ("34", "Bob"), ("56", "Dee"), ("cy@example.edu", "Cy")],
        [
            ("0012", "02", "assignment_8_export/submission_1001/02.py"),
            ("34", "01", "assignment_8_export/submission_1002/submission.ipynb"),
            ("cy@example.edu", "01", "assignment_8_export/submission_1002/submission.ipynb"),
        ],
        [
            ("assignment_8_export/submission_1003", "empty"),
            ("assignment_8_export/submission_1003", "empty"),
            ("assignment_8_export/submission_1004", "unmatched"),
        ],
    ),
    "classroom": Case(
        {
            "conv-bias-submissions/conv-bias-jane-doe/submission.py": code("02"),
            "conv-bias-submissions/conv-bias-jane-doe/.git/HEAD": "ref: refs/heads/main",
            "conv-bias-submissions/conv-bias-jane-doe/README.md": "# conv-bias",
            "conv-bias-submissions/conv-bias-jbob/solution.py": code("02"),
            "conv-bias-submissions/conv-bias-jbob/.git/HEAD": "ref: refs/heads/main",
        },
        "classroom",
        [("jane-doe", "jane-doe"), ("jbob", "jbob")],
        [
            ("jane-doe", "02", "conv-bias-submissions/conv-bias-jane-doe/submission.py"),
            ("jbob", "02", "conv-bias-submissions/conv-bias-jbob/solution.py"),
        ],
    ),
    "classroom-clones": Case(
        {
            "hw-anna/01.py": code("01"),
            "hw-anna/.git/config": "[core]",
            "hw-annie/02.py": code("02"),
            "hw-annie/.git/config": "[core]",
        },
        "classroom",
        [("anna", "anna"), ("annie", "annie")],
        [("anna", "01", "hw-anna/01.py"), ("annie", "02", "hw-annie/02.py")],
    ),
    "folder-per-problem": Case(
        {
            "01-maxpool/jane.py": code("01"),
            "01-maxpool/bob/main.py": code("01"),
            "02-conv-bias/Jane.py": code("02"),
        },
        "problem-folders",
        [("bob", "bob"), ("Jane", "Jane"), ("jane", "jane")],
        [
            ("bob", "01", "01-maxpool/bob/main.py"),
            ("Jane", "02", "02-conv-bias/Jane.py"),
            ("jane", "01", "01-maxpool/jane.py"),
        ],
        [("Jane", "note")],
    ),
    "download-per-assignment": Case(
        {
            "maxpool_submissions.zip": zipped({"doejane_12_34_main.py": code("01"), "b_13_35_main.py": "oops ="}),
            "conv-bias_submissions.zip": zipped({"doejane_LATE_12_99_main.py": code("02")}),
        },
        "canvas",
        [("12", "doejane"), ("13", "b")],
        [
            ("12", "01", "maxpool_submissions.zip/doejane_12_34_main.py"),
            ("12", "02", "conv-bias_submissions.zip/doejane_LATE_12_99_main.py"),
            ("13", "01", "maxpool_submissions.zip/b_13_35_main.py"),
        ],
        [("conv-bias_submissions.zip/doejane_LATE_12_99_main.py", "late")],
    ),
    "moodle-per-assignment": Case(
        {
            "maxpool/Jane_11_assignsubmission_file/a.py": code("01"),
            "maxpool/Bob_12_assignsubmission_file/a.py": code("01"),
            "conv-bias/Jane_27_assignsubmission_file/a.py": code("02"),
            "conv-bias/Bob_28_assignsubmission_file/a.py": code("02"),
        },
        "moodle",
        [("11", "Jane"), ("12", "Bob")],
        [
            ("11", "01", "maxpool/Jane_11_assignsubmission_file/a.py"),
            ("11", "02", "conv-bias/Jane_27_assignsubmission_file/a.py"),
            ("12", "01", "maxpool/Bob_12_assignsubmission_file/a.py"),
            ("12", "02", "conv-bias/Bob_28_assignsubmission_file/a.py"),
        ],
    ),
    "students-kit": Case(
        {
            "jane/problems/01-maxpool/submission.py": code("01"),
            "jane/problems/01-maxpool/stub.py": code("01", "stub"),
            "jane/problems/01-maxpool/problem.yaml": "title: x",
            "jane/problems/01-maxpool/checks/test_maxpool.py": "def test_it(): ...",
            "jane/problems/02-conv-bias/statement.md": "# x",
            "jane/problems/02-conv-bias/stub.py": code("02", "edited"),
            "bob/maxpool.py": code("01"),
        },
        "folders",
        [("bob", "bob"), ("jane", "jane")],
        [
            ("bob", "01", "bob/maxpool.py"),
            ("jane", "01", "jane/problems/01-maxpool/submission.py"),
            ("jane", "02", "jane/problems/02-conv-bias/stub.py"),
        ],
        [("jane/problems/01-maxpool/stub.py", "double")],
    ),
    "folder-around-it-all": Case(
        {
            "submissions/jane/01.py": code("01"),
            "submissions/bob/01.py": code("01"),
            "__MACOSX/submissions/jane/._01.py": "x",
        },
        "folders",
        [("bob", "bob"), ("jane", "jane")],
        [("bob", "01", "submissions/bob/01.py"), ("jane", "01", "submissions/jane/01.py")],
        [("__MACOSX", "note")],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_layout(case: Case, gather: Callable[[Tree], Intake]) -> None:
    intake = gather(case.tree)
    assert intake.layout == case.layout
    assert [(student.id, student.name) for student in intake.students] == case.students
    assert answers(intake) == case.answers
    assert said(intake) == list(case.said)


@pytest.mark.parametrize(
    "files",
    [("main.py", "helper.py"), ("src/x.py", "tests/y.py"), ("01-maxpool/x.py",), ("01.py",)],
    ids=["files", "folders", "problem", "number"],
)
def test_a_class_of_one_is_one_student(files: tuple[str, ...], gather: Callable[[Tree], Intake]) -> None:
    intake = gather({f"jane/{name}": code("01") for name in files})
    assert [student.id for student in intake.students] == ["jane"]


@pytest.mark.parametrize("name", ["Bob(2)", "Bob (2)", "Bob 2", "Bob (evening class)"])
def test_a_folders_name_with_more_in_it_is_another_students(name: str, gather: Callable[[Tree], Intake]) -> None:
    intake = gather({f"{student}/01.py": code("01") for student in ("ann", "Bob", name)})
    assert {student.id for student in intake.students} == {"ann", "Bob", name}


def test_result_does_not_depend_on_the_order_of_files(tmp_path: Path) -> None:
    tree = {f"{name}/0{number}.py": code(f"0{number}") for name in ("zoe", "ann", "bob") for number in (1, 2, 3)}
    one = collect(write_tree(tmp_path / "one" / "class", tree), COURSE)
    other = collect(write_tree(tmp_path / "other" / "class", dict(reversed(tree.items()))), COURSE)
    assert one == other
    assert [work.student for work in one.work] == sorted(work.student for work in one.work)


def test_lateness_and_contacts_are_kept(gather: Callable[[Tree], Intake]) -> None:
    late = gather(CASES["canvas"].tree)
    assert [(work.student, work.problem[:2]) for work in late.work if work.late] == [("7", "03")]
    assert [student.id for student in late.students if student.late] == ["7"]


def test_gradescope_contacts_are_kept(gather: Callable[[Tree], Intake]) -> None:
    students = {student.name: student for student in gather(CASES["gradescope"].tree).students}
    assert students["Jane O'Doe"] == Student("0012", "Jane O'Doe", sis_id="0012", email="jane@example.edu")
    assert students["Cy"].sis_id == ""


@pytest.mark.parametrize(
    "claim",
    [
        {
            "mallory/submission_metadata.yml": GRADESCOPE,
            "mallory/submission_1001/02.py": code("02", "forged"),
        },
        {"mallory/bob_5_assignsubmission_file/02.py": code("02", "forged")},
        {"mallory/bob_5_6_02.py": code("02", "forged")},
        {"mallory.zip": zipped({"bob_5_6_02.py": code("02", "forged")})},
        {"mallory/hw-bob/.git/HEAD": "", "mallory/hw-bob/02.py": code("02", "forged")},
    ],
    ids=["gradescope", "moodle", "canvas", "canvas-zip", "classroom"],
)
def test_a_student_cannot_hand_in_under_another_name(claim: Tree, gather: Callable[[Tree], Intake]) -> None:
    intake = gather({"bob/02.py": code("02", "bob's own"), **claim})
    assert [student.id for student in intake.students] == ["bob", "mallory"]
    forged = [work.student for work in intake.work if b"forged" in work.submission.main.content]
    assert forged == ["mallory"]
