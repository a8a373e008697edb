"""`grade verify --mutants`: mutants of a right answer before the problem's checks, and what becomes of them.

    caught      the checks take points from it
    equal       full marks, and no input of inputs.py tells it from the reference; or its author has noted it as equal
    survivor    full marks, although an input tells it from the reference; or the problem has no inputs

A survivor is a mistake that a student could make without losing a point.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import yaml

from grader.bench import Bench
from grader.errors import ProblemFileError
from grader.grade import Given, grade_one
from grader.jobs import Differences, Terms
from grader.model import Limits, Problem, SourceFile, Status, Submission
from grader.sandbox.launch import Stem
from grader.verify.benches import share, side_by_side
from grader.verify.mutants import Mutant, mutants

NOTED = "equal-mutants.yaml"
"""Beside a solution: mutants that are equal to it, each with the reason."""
_CALL_SECONDS, _ALL_SECONDS = 2.0, 8.0
"""A loop that a mutant makes endless is caught, and need not be waited for long."""


class Survivor(NamedTuple):
    """A mutant with full marks that is not known to be equal."""

    path: str
    mutant: Mutant
    differences: tuple[str, ...]
    """What tells it from the reference; none where the problem has no inputs."""


class MutantsReport(NamedTuple):
    """What became of one problem's mutants."""

    slug: str
    tried: int
    caught: int
    equal: int
    """No input tells them from the reference."""
    noted: int
    """Their author has noted them."""
    survivors: tuple[Survivor, ...]
    remarks: tuple[str, ...] = ()


def try_mutants(
    problems: Sequence[Problem], *, most: int, jobs: int, tell: Callable[[MutantsReport], None]
) -> list[MutantsReport]:
    """Try all mutants of each problem's solution, or `most` that are spread over it; `tell` hears of each problem.

    Raises GraderError.
    """
    reports = []
    with Stem() as stem, side_by_side(jobs, stem) as benches:
        for problem in problems:
            report = _try_one(problem, benches, most)
            tell(report)
            reports.append(report)
    return reports


def _try_one(problem: Problem, benches: Sequence[Bench], most: int) -> MutantsReport:
    folder = Path(problem.solution_folder or "")
    everything = mutants((folder / "solution.py").read_text(encoding="utf-8"))
    chosen = everything if not most else everything[:: max(1, -(-len(everything) // most))]
    noted = _noted(folder / NOTED)
    impatient = msgspec.structs.replace(
        problem, limits=_impatient(problem.limits), version=f"{problem.version}-mutants"
    )
    whole = _keep_full_marks(impatient, chosen, benches)
    known = [mutant for mutant in whole if (mutant.code, mutant.change) in noted]
    doubtful = [mutant for mutant in whole if mutant not in known]
    compared: dict[int, Differences] = {}

    def compare(bench: Bench, index: int) -> None:
        compared[index] = bench.compared(impatient, _submission(doubtful[index]))

    share(benches, range(len(doubtful)), compare)
    survivors = [
        Survivor(f"solutions/{problem.slug}/solution.py", doubtful[index], found.differences)
        for index, found in sorted(compared.items())
        if found.differences or not found.inputs
    ]
    stale = noted - {(mutant.code, mutant.change) for mutant in everything}
    return MutantsReport(
        problem.slug,
        tried=len(chosen),
        caught=len(chosen) - len(whole),
        equal=len(compared) - len(survivors),
        noted=len(known),
        survivors=tuple(survivors),
        remarks=tuple(
            f"solutions/{problem.slug}/{NOTED}: there is no such mutant: {change}, in {code}"
            for code, change in sorted(stale)
        ),
    )


def _impatient(limits: Limits) -> Limits:
    return msgspec.structs.replace(
        limits,
        call_seconds=min(limits.call_seconds, _CALL_SECONDS),
        total_seconds=min(limits.total_seconds, _ALL_SECONDS),
    )


def _keep_full_marks(problem: Problem, chosen: Sequence[Mutant], benches: Sequence[Bench]) -> list[Mutant]:
    """The mutants that lose no points."""
    whole: set[int] = set()

    def grade(bench: Bench, index: int) -> None:
        grade = grade_one(Given(problem, _submission(chosen[index]), bench), Terms(recognise=False, until_lost=True))
        if grade.status is Status.GRADED and grade.score >= grade.max_score + grade.bonus:
            whole.add(index)

    share(benches, range(len(chosen)), grade)
    return [mutant for index, mutant in enumerate(chosen) if index in whole]


def _submission(mutant: Mutant) -> Submission:
    return Submission(f"line {mutant.line}", SourceFile("submission.py", mutant.source.encode()))


def _noted(path: Path) -> set[tuple[str, str]]:
    """(code, change) of the mutants that are noted as equal. Raises ProblemFileError."""
    try:
        notes: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return set()
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ProblemFileError(f"{path}: {error}") from None
    for note in notes if isinstance(notes, list) else [notes]:
        if not isinstance(note, dict) or set(note) != {"code", "change", "because"} or not all(note.values()):
            raise ProblemFileError(f"{path}: must be a list of code, change and because; there is {note!r}"[:300])
    return {(str(note["code"]), str(note["change"])) for note in notes}


def write_drafts(reports: Sequence[MutantsReport], folder: Path) -> list[Path]:
    """Write each survivor as the draft of a misconception; the paths. Files that are there are left, and not named."""
    written = []
    for report in reports:
        for number, survivor in enumerate(report.survivors, 1):
            path = folder / report.slug / f"mutant_{number:02}_line_{survivor.mutant.line}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with path.open("x", encoding="utf-8") as file:
                    file.write(_draft(survivor))
            except FileExistsError:
                continue
            written.append(path)
    return written


def _draft(survivor: Survivor) -> str:
    mutant = survivor.mutant
    words = [
        f"TODO: what is misunderstood here: {mutant.change}, in {mutant.code}",
        "",
        "TODO: what to tell the student.",
        *survivor.differences,
    ]
    text = "\n".join(words).replace("\\", "\\\\").replace('"', "'")
    return f'"""{text}\n"""\n\n{mutant.source}'
