"""A course with markers planted in what no submission may see, and a bench with short deadlines."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import yaml

from grader.bench import Bench
from grader.grade import Given, grade_one
from grader.intake.single import read_submission
from grader.model import Grade, Limits, Problem, SourceFile, Submission
from grader.problem import find_course
from grader.sandbox.launch import Stem
from tests.conftest import ROOT
from tests.hostile.cases import Case

SECRET = "PLANTED-IN-"
MISTAKES = 4
"""The misconceptions that each problem has there."""
# Short deadlines, small limits: an attack that is not stopped should be seen soon, and do little.
LIMITS = Limits(
    import_seconds=3, call_seconds=1, total_seconds=15, memory_mb=256, scratch_mb=64, output_kb=16, reply_mb=16
)


@pytest.fixture(scope="session")
def hostile_course() -> Iterator[Path]:
    """Problems 01, 02 and 06 with limits that are soon met, and a marker in every file that a submission must not read.

    Anybody may read and write there: what stops a submission must be a wall, and not a file's mode. For the same reason
    it is no folder of pytest's own, which only their owner may enter.
    """
    # Not called like what an attack leaves behind: tests in another process look for that meanwhile.
    top = Path(tempfile.mkdtemp(prefix="planted-"))
    root = top / "course"
    for kind in ("problems", "solutions"):
        for slug in ("01-maxpool", "02-conv-bias", "06-images-as-tensors"):
            shutil.copytree(
                ROOT / kind / slug,
                root / kind / slug,
                ignore=shutil.ignore_patterns("__pycache__", "submission.*"),
            )
    # What each replies to checks with markers is found out for a first wrong answer: of all, for seconds a problem.
    for folder in root.glob("solutions/*/misconceptions"):
        for path in sorted(folder.glob("*.py"))[MISTAKES:]:
            path.unlink()
    for path in root.glob("problems/*/problem.yaml"):
        settings = yaml.safe_load(path.read_text(encoding="utf-8")) | {"limits": msgspec.to_builtins(LIMITS)}
        path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    for path in [*root.glob("problems/*/checks/*.py"), *root.glob("solutions/**/*.py")]:
        place = path.relative_to(root).as_posix()
        path.write_text(path.read_text(encoding="utf-8") + f'\n\nPLANTED = "{SECRET}{place}"\n', encoding="utf-8")
    (root / "classmate.py").write_text(f"# {SECRET}CLASSMATE\n")
    for path in [top, root, *root.rglob("*")]:
        path.chmod(0o777 if path.is_dir() else 0o666)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TORCHGRADE_TEST_SECRET", f"{SECRET}ENVIRONMENT")
        yield root
    shutil.rmtree(top)


class Grader:
    """One bench, and the problems of the planted course."""

    def __init__(self, bench: Bench, course: Path) -> None:
        self.bench = bench
        self.course = course
        self._problems: dict[str, Problem] = {}

    def problem(self, slug: str) -> Problem:
        if slug not in self._problems:
            self._problems[slug] = find_course(self.course, slug).load(slug)
        return self._problems[slug]

    def hostile(self, case: Case) -> Grade:
        """Grade an attack."""
        return grade_one(Given(self.problem(case.problem), submission_of(case, self.course), self.bench))

    def honest(self, slug: str) -> Grade:
        """Grade the solution, as an honest student's work."""
        path = self.course / "solutions" / slug / "solution.py"
        return grade_one(Given(self.problem(slug), read_submission(path, names=()), self.bench))


def source_of(case: Case, course: Path) -> bytes:
    text = case.source.replace("@COURSE@", str(course)).replace("@CLASSMATE@", str(course / "classmate.py"))
    return text.encode()


def submission_of(case: Case, course: Path) -> Submission:
    return Submission(f"{case.name}.py", SourceFile("submission.py", source_of(case, course)))


@pytest.fixture(scope="session")
def hostile_stem() -> Iterator[Stem]:
    with Stem() as stem:
        yield stem


@pytest.fixture(scope="module")
def grader(hostile_stem: Stem, hostile_course: Path) -> Iterator[Grader]:
    """A bench with every wall, for one attack after another."""
    with Bench(stem=hostile_stem) as bench:
        yield Grader(bench, hostile_course)
