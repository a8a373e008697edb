"""Every attack of this folder, put before the real checks, between honest submissions whose results must not change."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.bench import Bench
from grader.model import Grade, Outcome, Visibility
from grader.reports.json import encode_grade
from grader.sandbox.launch import Stem
from grader.sandbox.walls import table
from tests.conftest import grade as run_grade
from tests.conftest import walls_of_this_user
from tests.hostile.cases import CASES, FAMILIES, Case
from tests.hostile.conftest import SECRET, Grader, source_of
from tests.lent import EVERYTHING, WHOLE
from tests.sandbox.test_zygote import descendants, groups_of

PROBLEMS = ("01-maxpool", "02-conv-bias", "06-images-as-tensors")
QUICK = ("reading",)
# Most of it is waiting for deadlines.
BATCH_SECONDS = 600


def without_times(grade: Grade) -> dict[str, Any]:
    """A result but for what differs from run to run."""
    result: dict[str, Any] = msgspec.to_builtins(grade)
    del result["duration_s"]
    for check in result["checks"]:
        del check["duration_s"]
    return result


@pytest.fixture(scope="module")
def baseline(grader: Grader) -> dict[str, dict[str, Any]]:
    """Honest results before any attack."""
    grades = {slug: grader.honest(slug) for slug in PROBLEMS}
    for grade in grades.values():
        assert grade.percent == 100
        assert table.meets_floor(grade.walls) == []
    return {slug: without_times(grade) for slug, grade in grades.items()}


class Surroundings:
    """What an attack might leave behind."""

    def __init__(self, stem: Stem, course: Path) -> None:
        self._stem, self._course = stem, course
        self.processes = len(descendants(stem._process.pid))
        self.groups = groups_of(stem._process.pid)
        self.mounts = Path("/proc/self/mounts").read_text()
        self.files = {place: set(os.listdir(place)) for place in ("/", "/tmp", "/var/tmp", "/dev/shm", "/etc")}
        self.course = self._contents()

    def _contents(self) -> dict[str, tuple[int, int, bytes]]:
        found = {}
        for path in sorted(self._course.rglob("*")):
            if "__pycache__" not in path.parts:
                about = path.stat()
                found[str(path)] = (about.st_mode, about.st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        return found

    def assert_unchanged(self) -> None:
        deadline = time.monotonic() + 10
        while self.processes != len(descendants(self._stem._process.pid)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(descendants(self._stem._process.pid)) == self.processes
        assert groups_of(self._stem._process.pid) == self.groups
        assert Path("/proc/self/mounts").read_text() == self.mounts
        for place, names in self.files.items():
            new = {name for name in set(os.listdir(place)) - names if "hostile" in name or "pickled" in name}
            assert new == set(), place
        assert self._contents() == self.course


@pytest.fixture(scope="module")
def surroundings(
    grader: Grader, baseline: dict[str, dict[str, Any]], hostile_stem: Stem, hostile_course: Path
) -> Surroundings:
    assert baseline, "checkers are started, and their number does not change any more"
    return Surroundings(hostile_stem, hostile_course)


def messages(grade: Grade) -> str:
    """Everything that the report says in words, but for what the submission printed."""
    said = [grade.message, *grade.notes]
    for check in grade.checks:
        said += [check.message, check.traceback]
        if check.mismatch is not None:
            said += [check.mismatch.actual, check.mismatch.worst]
    return "\n".join(said)


def assert_held(case: Case, grade: Grade) -> None:
    """The report is what the attack's header declares, and holds no secret."""
    told = messages(grade)
    assert grade.status.value in case.status, told[:2000]
    assert grade.score <= case.at_most, [check.id for check in grade.checks if check.points]
    for phrase in case.says:
        assert phrase in told, told[:3000]
    for phrase in case.prints:
        assert phrase in grade.stdout, grade.stdout[:3000]
    report = encode_grade(grade).decode()
    assert SECRET not in report
    plain = told + grade.stdout
    for phrase in case.never:
        assert phrase not in plain
    assert len(report) < 400_000
    for check in grade.checks:
        if check.visibility is Visibility.HIDDEN:
            assert check.mismatch is None
            assert check.traceback == ""
            assert round(check.duration_s, 1) == check.duration_s
        assert check.points == (check.max_points if check.outcome is Outcome.PASSED else 0)


def tried() -> list[Case]:
    """Of those that the same rules stop every third, and one at least; or all, where everything is tried."""
    alike: dict[tuple[str, ...], list[Case]] = {}
    for case in CASES:
        alike.setdefault((case.family, *case.stopped_by), []).append(case)
    return [case for cases in alike.values() for case in (cases if WHOLE else cases[::3])]


ATTACKS = [pytest.param(case, id=case.id, marks=[] if case.family in QUICK else [pytest.mark.slow]) for case in tried()]


@pytest.mark.parametrize("case", ATTACKS)
def test_an_attack_is_held(
    case: Case, grader: Grader, baseline: dict[str, dict[str, Any]], surroundings: Surroundings
) -> None:
    assert_held(case, grader.hostile(case))
    after = grader.honest(case.problem)
    assert without_times(after) == baseline[case.problem], "an honest submission that came next got another result"
    surroundings.assert_unchanged()


def test_every_wall_stands_while_they_are_held(grader: Grader) -> None:
    """On a machine that allows it; what stands where namespaces are forbidden, test_floor says."""
    assert set(grader.honest("02-conv-bias").walls) == walls_of_this_user()


def test_there_are_enough_of_each_family() -> None:
    assert len(CASES) >= 80
    for family in FAMILIES:
        assert sum(case.family == family for case in CASES) >= 12
    stopped = {wall for case in CASES for wall in case.stopped_by}
    assert stopped >= {"seccomp", "landlock", "private-files", "pid-namespace", "network-namespace", "limits"}


# -- the walls taken down ------------------------------------------------------------------------

DOWN = [pytest.param(case, id=case.id) for case in CASES if case.down]


@pytest.fixture(scope="module")
def lowered(hostile_stem: Stem, hostile_course: Path) -> Iterator[dict[tuple[str, ...], Grader]]:
    """Benches with walls left out, by which they are."""
    left_out = {tuple(sorted(case.down["without"])) for case in CASES if case.down}
    left_out |= {walls for case in CASES for walls in case.also_held}
    with contextlib.ExitStack() as stack:
        yield {
            without: Grader(stack.enter_context(Bench(stem=hostile_stem, without=without)), hostile_course)
            for without in sorted(left_out)
        }


@pytest.mark.slow
@pytest.mark.parametrize("case", DOWN)
def test_without_the_wall_the_attack_gets_through(case: Case, lowered: dict[tuple[str, ...], Grader]) -> None:
    """Shows that the test above can fail: the same submission, on a bench without what stops it."""
    without = tuple(sorted(case.down["without"]))
    grade = lowered[without].hostile(case)
    assert not set(without) & set(grade.walls)
    for phrase in case.down["prints"]:
        assert phrase in grade.stdout
    # What the attack got through says so in words that it does not print where it is stopped.
    differs = any(phrase not in grade.stdout for phrase in case.prints) or not set(case.down["prints"]) <= set(
        case.prints
    )
    assert differs, "its report would have been the same"
    assert grade.score <= case.at_most, "what it has got through a wall is still worth no points"


HELD = [pytest.param(case, walls, id=f"{case.id}-{'+'.join(walls)}") for case in CASES for walls in case.also_held]


@pytest.mark.slow
@pytest.mark.parametrize(("case", "without"), HELD)
def test_another_wall_holds_as_well(
    case: Case, without: tuple[str, ...], lowered: dict[tuple[str, ...], Grader]
) -> None:
    """No attack of these depends on a single wall."""
    grade = lowered[without].hostile(case)
    assert not set(without) & set(grade.walls)
    assert_held(case, grade)


# -- the real command ----------------------------------------------------------------------------

# Of each family one, and each way in which the command itself ends; the others where everything is tried.
BY_COMMAND = [
    "forging/exit_while_loading", "forging/pickle_of_a_command", "reading/environment_of_the_driver",
    "escaping/terminal_input", "exhausting/memory_while_loading", "flooding/control_characters",
    *(
        ("forging/exit_with_success", "forging/exception_made_of_numbers", "forging/syntax_error_made_of_anything",
         "reading/solution_by_its_path", "escaping/forks", "flooding/megabytes_printed")
        if EVERYTHING else ()
    ),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", BY_COMMAND)
def test_the_command_holds_as_well(name: str, hostile_course: Path, tmp_path: Path) -> None:
    case = next(case for case in CASES if case.id == name)
    path = tmp_path / "submission.py"
    path.write_bytes(source_of(case, hostile_course))
    page, result = tmp_path / "report.html", tmp_path / "result.json"
    ran = run_grade(
        case.problem, "--submission", path, "--json", result, "--html", page, "--sandbox", "strict", cwd=hostile_course
    )
    assert ran.code == (1 if case.status == ("graded",) else 3), ran.err
    grade = msgspec.json.decode(result.read_bytes(), type=Grade)
    assert_held(case, grade)
    for shown in (ran.out, ran.err, page.read_text(encoding="utf-8"), json.dumps(msgspec.to_builtins(grade))):
        assert SECRET not in shown
        assert not any(phrase in shown for phrase in case.never if phrase not in "\x1b\x9b\x08")
    assert "\x1b[2J" not in ran.out


@pytest.mark.slow
def test_the_corpus_in_one_batch(baseline: dict[str, dict[str, Any]], hostile_course: Path, tmp_path: Path) -> None:
    """Attacks by the real command, an honest submission before and after each, on two workers at once.

    Each has been held alone, so every seventh is tried among others; all of them, where everything is tried.
    """
    work, out = tmp_path / "work", tmp_path / "out"
    solutions = {slug: (hostile_course / "solutions" / slug / "solution.py").read_text("utf-8") for slug in PROBLEMS}
    attacks: dict[str, Case] = {}
    for number, case in enumerate(CASES if EVERYTHING else CASES[::7]):
        for student, source in (
            (f"{number:03}-attack", source_of(case, hostile_course)),
            (f"{number:03}-honest", f"{solutions[case.problem]}\n# {number}\n".encode()),
        ):
            path = work / student / f"{case.problem}.py"
            path.parent.mkdir(parents=True)
            path.write_bytes(source)
        attacks[f"{number:03}-attack"] = case
    ran = run_grade("batch", work, "--out", out, "--jobs", "2", cwd=hostile_course, seconds=BATCH_SECONDS)
    assert ran.code == 0, ran.err
    graded: dict[str, Grade] = {}
    for line in (out / "results.jsonl").read_bytes().splitlines():
        grade = msgspec.json.decode(line, type=Grade)
        assert grade.student is not None
        graded[grade.student] = grade
    assert graded.keys() == {path.name for path in work.iterdir()}, "nothing is lost, and nothing is the grader's fault"
    for student, grade in graded.items():
        if student in attacks:
            assert_held(attacks[student], grade)
        else:
            assert grade.percent == 100, student
            assert [check.id for check in grade.checks] == [c["id"] for c in baseline[grade.problem]["checks"]]
    for path in out.rglob("*"):
        if path.suffix in (".html", ".csv", ".json"):
            assert SECRET not in path.read_text("utf-8"), path
