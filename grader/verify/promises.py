"""What every problem promises, and how we find out whether it holds.

Each promise is one function, which returns the sentences that say what is broken; none where it is kept.
"""

from __future__ import annotations

import ast
import socket
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader.bench import Bench
from grader.errors import CheckError, GraderError
from grader.grade import Given, grade_one
from grader.jobs import CheckInfo, Terms
from grader.model import Grade, Outcome, Problem, SourceFile, Submission, Visibility
from grader.problem import variants
from grader.problem.courserules import Thresholds
from grader.problem.load import WITNESSES, stub_names
from grader.sandbox.launch import Stem
from grader.scoring import wrong_points
from grader.verify import examples, lint
from grader.verify.benches import share, side_by_side
from grader.verify.examples import Examples
from grader.verify.keep_known import keep, keep_known_answers


class Report(NamedTuple):
    """What was found out about one problem."""

    slug: str
    checks: int
    hidden: int
    alternatives: int
    misconceptions: int
    stub_percent: float
    broken: tuple[str, ...]
    """Broken promises, one sentence each."""
    written: tuple[str, ...] = ()
    """What was written beside the solution, or could not be."""
    remarks: tuple[str, ...] = ()
    """What breaks no promise, and an author may want to know."""


class _Run(NamedTuple):
    """One known submission and what became of it."""

    kind: str
    """"solution", "alternative", "stub" or "misconception"."""
    path: Path
    grades: list[Grade]


def verify(
    problems: Sequence[Problem],
    *,
    runs: int,
    jobs: int,
    thresholds: Thresholds,
    without: Iterable[str] = (),
    tell: Callable[[Report], None],
) -> list[Report]:
    """Hold `problems` to their promises, on one stem with `jobs` workers; `tell` hears of each as it is done."""
    reports = []
    with Stem() as stem, side_by_side(jobs, stem, without=without) as benches:
        for problem in problems:
            report = _verify_one(problem, benches, stem, runs, thresholds)
            tell(report)
            reports.append(report)
    return reports


def _verify_one(problem: Problem, benches: list[Bench], stem: Stem, runs: int, thresholds: Thresholds) -> Report:
    if broken := _missing_files(problem):
        return Report(problem.slug, 0, 0, 0, 0, 0.0, tuple(broken))
    broken = _files(problem)
    try:
        broken += [f"{problem.slug}/{found}" for found in lint.findings(Path(problem.folder) / "checks")]
        checks = benches[0].checks(problem)
        broken += _lint(problem, checks)
        inputs = benches[0].inputs(problem)
        broken += inputs.broken
        written = keep(problem, WITNESSES, inputs.witnesses), keep_known_answers(problem, benches[0])
        known = _grade_all(problem, _known_submissions(problem, runs), benches)
        broken += _right_answers(known, checks)
        broken += _stub(known, thresholds)
        broken += _misconceptions(known)
        broken += _enough(known, thresholds)
        broken += _every_check_can_fail(checks, known)
        broken += _examples(problem, stem)
    except GraderError as error:
        words = error.in_full if isinstance(error, CheckError) else error.message
        return Report(problem.slug, 0, 0, 0, 0, 0.0, (*broken, words))
    kinds = [run.kind for run in known if run.path.exists()]  # A variant is no file of its own.
    stub = next(run for run in known if run.kind == "stub")
    return Report(
        problem.slug,
        len(checks),
        sum(check.visibility == Visibility.HIDDEN for check in checks),
        kinds.count("alternative"),
        kinds.count("misconception"),
        stub.grades[0].percent,
        tuple(broken),
        tuple(filter(None, written)),
        inputs.remarks,
    )


# -- grading what is known -----------------------------------------------------------------------


def _known_submissions(problem: Problem, runs: int) -> list[tuple[str, Path, int]]:
    """(kind, file, how many times) of everything whose grade is known beforehand."""
    solutions = Path(problem.solution_folder or "")
    known = [("solution", solutions / "solution.py", runs)]
    known += [("alternative", path, runs) for path in sorted((solutions / "alternatives").glob("*.py"))]
    known.append(("stub", Path(problem.folder) / "stub.py", 1))
    known += [("misconception", path, 1) for path in variants.paths(solutions)]
    return known


def _grade_all(problem: Problem, known: list[tuple[str, Path, int]], benches: list[Bench]) -> list[_Run]:
    """Grade everything, on as many benches at once as there are."""
    runs = [_Run(kind, path, []) for kind, path, _ in known]

    def grade(bench: Bench, run: _Run) -> None:
        submission = Submission(run.path.name, SourceFile("submission.py", variants.source(run.path)))
        recognise = run.kind in ("misconception", "stub")
        run.grades.append(grade_one(Given(problem, submission, bench), Terms(reveal=True, recognise=recognise)))

    share(benches, (run for run, (_, _, times) in zip(runs, known, strict=True) for _ in range(times)), grade)
    return runs


# -- the promises --------------------------------------------------------------------------------


def _missing_files(problem: Problem) -> list[str]:
    """What a problem cannot be without. Where any of it is missing, nothing else is looked at."""
    if problem.solution_folder is None:
        return [f"solutions/{problem.slug}: there is no such folder"]
    needed = {f"{problem.slug}/{name}": Path(problem.folder, name) for name in ("statement.md", "stub.py")}
    needed[f"solutions/{problem.slug}/solution.py"] = Path(problem.solution_folder, "solution.py")
    broken = [f"{name}: there is no such file" for name, path in needed.items() if not path.is_file()]
    if not Path(problem.folder, "checks").is_dir():
        broken.append(f"{problem.slug}/checks: there is no such folder")
    return broken


def _files(problem: Problem) -> list[str]:
    """The solution defines what the stub does, and both describe it alike; the stub says where to write."""
    solution = Path(problem.solution_folder or "")
    defined = stub_names(solution / "solution.py")
    broken = [
        f"solutions/{problem.slug}/solution.py: defines no {name}, which stub.py asks for"
        for name in problem.names
        if name not in defined
    ]
    stub = (Path(problem.folder) / "stub.py").read_text(encoding="utf-8")
    if "TODO" not in stub:
        broken.append(f"{problem.slug}/stub.py: has no TODO that says where to write")
    broken += _docstrings(problem, stub, (solution / "solution.py").read_text(encoding="utf-8"))
    return broken


def _docstrings(problem: Problem, stub: str, solution: str) -> list[str]:
    """A stub's docstring equals the reference's: both describe the same contract."""
    ours, theirs = _described(stub), _described(solution)
    return [
        f"{problem.slug}/stub.py: the docstring of {name} is another than the solution's"
        for name, words in ours.items()
        if name in theirs and words != theirs[name]
    ]


def _described(source: str) -> dict[str, str | None]:
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {node.name: ast.get_docstring(node) for node in ast.parse(source).body if isinstance(node, kinds)}


def _lint(problem: Problem, checks: tuple[CheckInfo, ...]) -> list[str]:
    """The points add up, every title is one of its kind, every hidden check has a hint."""
    broken = []
    total = round(sum(check.points for check in checks), 6)
    if wrong := wrong_points(problem, total):
        broken.append(f"{problem.slug}/problem.yaml: {wrong}")
    titles: dict[str, str] = {}
    for check in checks:
        if check.title in titles:
            broken.append(
                f"{check.id} ({check.place}): has the title of {titles[check.title]}; a title names one check; "
                "of a parametrised one, write {the name of a parameter} or {id} into it"
            )
        titles.setdefault(check.title, check.id)
        if check.visibility == Visibility.HIDDEN and not check.hint.strip():
            broken.append(
                f"{check.id} ({check.place}): is hidden and has no hint; a student would read nothing but its title"
            )
        if check.points <= 0:
            broken.append(f"{_named(check)}: points: must be above 0, is {check.points:g}")
    return broken


def _named(check: CheckInfo) -> str:
    return f"{check.id} ({check.place})"


def _right_answers(known: list[_Run], checks: tuple[CheckInfo, ...]) -> list[str]:
    """The solution and every alternative get full marks, every time."""
    places = {check.id: check.place for check in checks}
    broken = []
    for run in known:
        if run.kind not in ("solution", "alternative"):
            continue
        for time, grade in enumerate(run.grades, start=1):
            lost = [check for check in grade.checks if check.outcome is not Outcome.PASSED]
            if grade.message or lost:
                times = f"run {time} of {len(run.grades)}"
                why = grade.message or "; ".join(f"{check.id} ({places[check.id]}): {check.message}" for check in lost)
                broken.append(f"{run.kind} {run.path.name}: {times} loses {why}")
                break
    return broken


def _enough(known: list[_Run], thresholds: Thresholds) -> list[str]:
    """As many alternatives and misconceptions as the course wants."""
    broken = []
    for kind, least, what in (
        ("alternative", thresholds.alternatives, "alternatives show that other right answers pass"),
        ("misconception", thresholds.misconceptions, "misconceptions are known"),
    ):
        if sum(run.kind == kind and run.path.exists() for run in known) < least:
            broken.append(f"fewer than {least} {what}")
    return broken


def _stub(known: list[_Run], thresholds: Thresholds) -> list[str]:
    grade = next(run for run in known if run.kind == "stub").grades[0]
    if grade.percent > thresholds.stub:
        return [f"stub.py: earns {grade.percent:g} %; an empty answer may earn {thresholds.stub:g} % at most"]
    if grade.misconceptions:
        return [f"stub.py: is taken for the misconception {grade.misconceptions[0].id}"]
    return []


def _twins(run: _Run, known: list[_Run]) -> str:
    """Which misconceptions come off alike in every check, in words: between them there is nothing to choose."""
    mine, name = _outcomes(run), variants.misconception_of(run.path.stem)
    others = [other for other in known if other.kind == "misconception" and _outcomes(other) == mine]
    names = {variants.misconception_of(other.path.stem) for other in others} - {name}
    return f"; no check tells it from {' and '.join(sorted(names))}" if names else ""


def _outcomes(run: _Run) -> list[tuple[str, Outcome, str]]:
    return [(check.id, check.outcome, check.message) for check in run.grades[0].checks]


def _misconceptions(known: list[_Run]) -> list[str]:
    """Each loses points, is recognised as itself and as no other, and has advice."""
    broken = []
    for run in known:
        if run.kind != "misconception":
            continue
        grade = run.grades[0]
        found = [misconception.id for misconception in grade.misconceptions]
        if grade.score >= grade.max_score + grade.bonus:
            broken.append(f"misconception {run.path.stem}: loses no points")
        elif found != [variants.misconception_of(run.path.stem)]:
            twins = "" if found else _twins(run, known)
            broken.append(f"misconception {run.path.stem}: is recognised as {', '.join(found) or 'nothing'}{twins}")
        elif not grade.misconceptions[0].advice:
            broken.append(f"misconception {run.path.stem}: its docstring has no advice after the title")
    return broken


def _every_check_can_fail(checks: tuple[CheckInfo, ...], known: list[_Run]) -> list[str]:
    """A check that no known wrong answer fails has not shown that it can fail.

    It shows nothing that a stub raises: a stub raises whatever the check asks.
    """
    fallible = set()
    for run in known:
        if run.kind == "misconception":
            fallible |= {check.id for check in run.grades[0].checks if check.outcome is not Outcome.PASSED}
        elif run.kind == "stub":
            fallible |= {check.id for check in run.grades[0].checks if check.outcome is Outcome.FAILED}
    return [
        f"{_named(check)}: no known wrong answer fails it; write a misconception that does"
        for check in checks
        if check.id not in fallible
    ]


def _examples(problem: Problem, stem: Stem) -> list[str]:
    """The statement's examples run, and print what the statement says."""
    statement = Path(problem.folder) / "statement.md"
    solution = f"{problem.solution_folder}/solution.py"
    question = Examples(statement.read_text(encoding="utf-8"), solution, problem.folder)
    with stem.worker(examples.main) as worker:
        worker.sendall(msgspec.msgpack.encode(question))
        worker.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := worker.recv(1 << 16):
            answer += piece
    if not answer:
        return ["statement.md: its examples ended the process that ran them"]
    return [f"statement.md: {problem}" for problem in msgspec.msgpack.decode(answer, type=list[str])]
