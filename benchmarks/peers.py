"""`make bench-peers`: the same twenty submissions by torchgrade, otter-grader and nbgrader, as a table in README.md.

Each peer has an environment of its own, with the torch of constraints.txt. Its tests are the very checks of the
problem, one test each, called in the process of the submission: neither has a sandbox when it runs on the machine
itself. Of each the usual command is timed, two at work at once, as torchgrade has two workers. A peer must give the
right answers full marks; how many of the wrong ones it finds is said, since checks of what runs in the room, such as
operations that a problem forbids, need torchgrade's.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.results import machine, write_between
from benchmarks.rows import GRADE, ROOT
from benchmarks.submissions import write_class

_SLUG = "01-maxpool"
_STUDENTS = 20
_WORKERS = 2
_INSTALL_SECONDS, _RUN_SECONDS = 1800, 1200
_ENVIRONMENTS = ROOT / "build" / "peers"
_PAGE = ROOT / "README.md"
# Beside the peer: what the problem's checks import, and the kernel in which both run a submission.
_BESIDES = ("torch", "numpy", "pytest", "msgspec", "pyyaml", "ipykernel")

_OTTER_TEST = """from otter.test_files import test_case

OK_FORMAT = False
name = "{check}"
points = 1

@test_case(name="{check}")
def run_check(env):
    from benchmarks.plain import run_check
    run_check("{slug}", "{check}", env)
"""
_NBGRADER_TEST = """from benchmarks.plain import run_check
run_check("{slug}", "{check}", globals())
"""
_FULL_MARKS = """
import json, sys
from nbgrader.api import Gradebook
found = Gradebook(sys.argv[1]).assignment_submissions(sys.argv[2])
print(json.dumps({each.student.id: each.score == each.max_score > 0 for each in found}))
"""


@dataclass(frozen=True)
class Graded:
    """What a grader made of the class."""

    version: str
    seconds: float
    full: Mapping[str, bool]
    """Student -> whether they have full marks."""


def main() -> int:
    """Grade by all three, and write the table."""
    with tempfile.TemporaryDirectory() as name:
        files = write_class(Path(name) / "class", _SLUG, _STUDENTS)
        graders: Mapping[str, Callable[[Path, Sequence[Path]], Graded]] = {
            "torchgrade": _torchgrade,
            "otter-grader": _otter,
            "nbgrader": _nbgrader,
        }
        came = {}
        for grader, grade in graders.items():
            folder = Path(name) / grader
            folder.mkdir()
            came[grader] = grade(folder, files)
            _refuse_wrong(grader, came[grader], files)
            print(f"{grader} {came[grader].version}: {came[grader].seconds:.1f} s", flush=True)
    write_between(_PAGE, "peers", _lines(came))
    print(f"written to {_PAGE}")
    return 0


def _lines(came: Mapping[str, Graded]) -> list[str]:
    ours = came["torchgrade"].seconds
    rows = [
        f"| {name} {it.version} | {it.seconds:.1f} s | {it.seconds / _STUDENTS:.2f} s | {it.seconds / ours:.1f} x "
        f"| {sum(not full for full in it.full.values())} of {_STUDENTS // 2} "
        f"| {'yes' if name == 'torchgrade' else 'no'} |"
        for name, it in came.items()
    ]
    return [
        f"{_STUDENTS} submissions of {_SLUG}, half of them right, {_WORKERS} at once, start and end included.",
        "The checks are the same; the peers have them as their own tests, in the process of the student's code.",
        f"Measured on {machine()}.",
        "",
        "| grader | all | each | against ours | wrong ones found | sandbox |",
        "|---|---:|---:|---:|---:|---|",
        *rows,
    ]


def _refuse_wrong(grader: str, came: Graded, files: Sequence[Path]) -> None:
    """Raise where a right answer has less than full marks: then the figures would compare different things."""
    right = [file.parent.name for file in files[::2]]
    without = [student for student in right if not came.full[student]]
    if without:
        raise RuntimeError(f"{grader} gives right answers less than full marks: {', '.join(without)}")


# -- ours ------------------------------------------------------------------------------------------


def _torchgrade(folder: Path, files: Sequence[Path]) -> Graded:
    from grader import __version__

    command: list[str | Path] = [*GRADE, "batch", files[0].parent.parent, "--problem", _SLUG, "--jobs", str(_WORKERS)]
    # The first run fills caches that every later batch on this machine finds.
    _all([[*command, "--out", folder / "first"]], folder, cwd=ROOT)
    seconds = _all([[*command, "--out", folder / "out"]], folder, cwd=ROOT)
    with (folder / "out" / "scores.csv").open(encoding="utf-8", newline="") as table:
        full = {row["student"]: float(row[_SLUG]) == 100 for row in csv.DictReader(table)}
    return Graded(__version__, seconds, full)


# -- otter-grader ----------------------------------------------------------------------------------


def _otter(folder: Path, files: Sequence[Path]) -> Graded:
    """`otter run` for each submission: `otter grade`, for many, needs Docker, whose start would come on top."""
    python = _environment("otter-grader")
    archive = folder / "autograder.zip"
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("otter_config.json", json.dumps({"show_stdout": False, "pdf": False}))
        for check in _checks():
            written.writestr(f"tests/{check}.py", _OTTER_TEST.format(slug=_SLUG, check=check))
    commands: list[list[str | Path]] = []
    for file in files:
        out = folder / file.parent.name
        out.mkdir()
        commands.append([python, "-m", "otter", "run", "-a", archive, "-o", out, "--no-logo", file])
    seconds = _all(commands, folder)
    full = {}
    for file in files:
        tests = json.loads((folder / file.parent.name / "results.json").read_text(encoding="utf-8"))["tests"]
        scored = [test for test in tests if test.get("max_score")]
        full[file.parent.name] = len(scored) >= len(_checks()) and all(
            test["score"] == test["max_score"] for test in scored
        )
    return Graded(_version(python, "otter-grader"), seconds, full)


# -- nbgrader --------------------------------------------------------------------------------------


def _nbgrader(folder: Path, files: Sequence[Path]) -> Graded:
    """`nbgrader autograde` of notebooks with the same code, in as many courses as there are workers."""
    python = _environment("nbgrader")
    tests = [
        _cell(_NBGRADER_TEST.format(slug=_SLUG, check=check), grade_id=check, grade=True, points=1, locked=True)
        for check in _checks()
    ]

    def notebook(answer: str) -> str:
        cells = [_cell(answer, grade_id="answer", solution=True), *tests]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})

    commands: list[list[str | Path]] = []
    courses = []
    nbgrader: list[str | Path] = [python, "-m", "nbgrader"]
    for worker in range(_WORKERS):
        course = folder / f"course{worker}"
        _write(course / "source" / _SLUG / "answer.ipynb", notebook("### BEGIN SOLUTION\n### END SOLUTION"))
        for file in files[worker::_WORKERS]:
            path = course / "submitted" / file.parent.name / _SLUG / "answer.ipynb"
            _write(path, notebook(file.read_text(encoding="utf-8")))
        where = f"--CourseDirectory.root={course}"
        _all([[*nbgrader, "generate_assignment", _SLUG, where]], folder)
        commands.append([*nbgrader, "autograde", _SLUG, where, "--create"])
        courses.append(course)
    seconds = _all(commands, folder)
    full = {}
    for course in courses:
        said = subprocess.run(
            [python, "-c", _FULL_MARKS, f"sqlite:///{course}/gradebook.db", _SLUG],
            capture_output=True,
            check=True,
            env=_variables(python),
            timeout=_RUN_SECONDS,
        )
        full.update(json.loads(said.stdout))
    return Graded(_version(python, "nbgrader"), seconds, full)


def _cell(source: str, *, grade_id: str, **more: Any) -> dict[str, Any]:
    usual = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": grade_id[:64],
        "execution_count": None,
        "outputs": [],
        "source": source,
    }
    return {**cell, "metadata": {"nbgrader": {**usual, "grade_id": grade_id, **more}}}


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


# -- what they share -------------------------------------------------------------------------------


def _checks() -> list[str]:
    from benchmarks.plain import checks_of

    return [name for name, _ in checks_of(ROOT / "problems" / _SLUG)]


def _environment(peer: str) -> Path:
    """The Python of the peer's environment, which is made where there is none."""
    folder = _ENVIRONMENTS / peer
    python = folder / "bin" / "python"
    if not (folder / ".ready").exists():
        print(f"installing {peer} into {folder}", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        pip: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        constraints: list[str | Path] = ["-c", ROOT / "constraints.txt"]
        subprocess.run([*pip, *constraints, *_BESIDES, peer], check=True, timeout=_INSTALL_SECONDS)
        (folder / ".ready").touch()
    return python


def _version(python: Path, peer: str) -> str:
    asked = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"
    return subprocess.run([python, "-c", asked, peer], capture_output=True, text=True, check=True).stdout.strip()


def _variables(python: str | Path) -> dict[str, str]:
    """Environment variables for a program of this Python's environment, among whose others nbgrader looks for one."""
    path = os.pathsep.join([str(Path(python).parent), os.environ.get("PATH", os.defpath)])
    ours = {"PATH": path, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return {**os.environ, **ours}


def _all(commands: Sequence[Sequence[str | Path]], folder: Path, *, cwd: Path | None = None) -> float:
    """Seconds of all commands, `_WORKERS` at a time. Raises RuntimeError with what one of them says that fails.

    They run in `cwd`, else in `folder`, which has what they say.
    """
    env, where = _variables(commands[0][0]), cwd or folder
    started = time.perf_counter()
    waiting = list(commands)
    running: list[tuple[Sequence[str | Path], subprocess.Popen[bytes], Path]] = []
    try:
        while waiting or running:
            while waiting and len(running) < _WORKERS:
                command, log = waiting.pop(0), folder / f"log{len(waiting)}"
                with log.open("wb") as said:
                    process = subprocess.Popen(command, cwd=where, env=env, stdout=said, stderr=subprocess.STDOUT)
                running.append((command, process, log))
            for entry in [entry for entry in running if entry[1].poll() is not None]:
                running.remove(entry)
                if entry[1].returncode:
                    told = entry[2].read_text(encoding="utf-8", errors="replace")[-2000:]
                    raise RuntimeError(f"{' '.join(map(str, entry[0]))} ended with {entry[1].returncode}: {told}")
            if time.perf_counter() - started > _RUN_SECONDS:
                raise RuntimeError(f"{' '.join(map(str, running[0][0]))} takes longer than {_RUN_SECONDS} s")
            time.sleep(0.02)
    finally:
        for _, process, _ in running:
            process.kill()
            process.wait()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
