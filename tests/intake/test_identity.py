"""Who is who: the platform's id, the roster, the very same name; and never likeness."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.intake.choosing import Undecided
from grader.intake.collect import collect
from grader.intake.model import Intake

from .conftest import COURSE, Tree, answers, code, write_tree

ROSTER = "id,name,login,Team\n1,Jane Doe,jdoe,Red\n2,Al Smith,asmith,Red\n3,Kim Lee,klee,Blue\n"


def read(tmp_path: Path, tree: Tree) -> Intake:
    return collect(write_tree(tmp_path / "class", {"roster.csv": ROSTER, **tree}), COURSE)


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (("jdoe", "Jane Doe"), 1),
        (("1", "jdoe"), 1),
        (("Doe, Jane", "Jane Doe"), 1),
        (("Jane Doe", "jane doe"), 2),
        (("jdoe", "j.doe"), 2),
        (("Jane Doe", "Jané Doe"), 2),
    ],
    ids=["login-and-name", "id-and-login", "last-name-first", "case", "dot", "accent"],
)
def test_the_roster_joins_what_it_names_exactly(names: tuple[str, str], students: int, tmp_path: Path) -> None:
    intake = read(
        tmp_path, {f"{names[0]}/01.py": code("01"), f"{names[1]}/02.py": code("02"), "klee/01.py": code("01")}
    )
    assert len({student for student, _, path in answers(intake) if not path.startswith("klee")}) == students


def test_the_same_name_in_two_forms_of_unicode_is_one(tmp_path: Path) -> None:
    tree = {"Zoe\u0308_01.py": code("01"), "Zo\u00eb_02.py": code("02")}
    intake = collect(write_tree(tmp_path / "class", tree), COURSE)
    assert [student for student, _, _ in answers(intake)] == ["Zo\u00eb", "Zo\u00eb"]


@pytest.mark.parametrize(
    "tree",
    [
        {"Red/01.py": code("01"), "klee/01.py": code("01")},
        {"Red_7_assignsubmission_file/01.py": code("01"), "Kim Lee_8_assignsubmission_file/01.py": code("01")},
        {"red_77_100_01.py": code("01"), "leekim_3_101_01.py": code("01")},
    ],
    ids=["folders", "moodle", "canvas"],
)
def test_members_of_a_group_have_its_answer_each(tree: Tree, tmp_path: Path) -> None:
    intake = read(tmp_path, tree)
    by_group = {student for student, _, path in answers(intake) if path.lower().startswith("red")}
    assert by_group == {"1", "2"}


def test_who_answers_nothing_has_a_reason(tmp_path: Path) -> None:
    intake = read(tmp_path, {"jdoe/report.pdf": "%PDF", "asmith/01.py": code("01")})
    assert set(intake.without_work) == {"jdoe", "3"}
    assert "a printout is not graded" in intake.without_work["jdoe"]
    assert intake.without_work["3"] == "Kim Lee handed in nothing"


def test_a_number_of_moodles_that_is_two_students_is_a_doubt(tmp_path: Path) -> None:
    file = "{}_{}_assignsubmission_file/a.py"
    tree = {
        f"maxpool/{file.format('Jane', 11)}": code("01"),
        f"maxpool/{file.format('Bob', 12)}": code("01"),
        f"conv-bias/{file.format('Jane', 12)}": code("02"),
        f"conv-bias/{file.format('Cy', 11)}": code("02"),
    }
    with pytest.raises(Undecided, match="number 11 is Cy in one assignment and Jane in another"):
        collect(write_tree(tmp_path / "class", tree), COURSE)
