"""`grade doctor`: what this machine offers, found out by trying."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import click
import msgspec

import grader
from grader.data import PROVIDERS
from grader.errors import ExitCode, ProblemFileError, UsageError
from grader.model import Problem
from grader.problem import find_course
from grader.problem.packages import Package, look_up, quoted
from grader.sandbox.inspection import Inspection, inspect_plain, inspect_walls
from grader.sandbox.launch import Stem, why_it_cannot_start
from grader.sandbox.spawned import Spawner
from grader.sandbox.walls.table import WALLS, meets_floor


@click.command("doctor", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def command(as_json: bool) -> int:
    """Try every wall of the sandbox on this machine; say what is missing and how to raise it.

    It ends with 0 where this machine may grade others' work; in a student kit, where it grades one's own.
    """
    found, own = _inspect()
    lacking = meets_floor(found.walls)
    good = not found.fault and not lacking and not found.breaches
    problems = _problems()
    is_kit = bool(problems) and all(problem.hidden is not None for problem in problems or ())
    data, data_fault = _data(problems)
    packages = look_up(dict.fromkeys(text for problem in problems or () for text in problem.requirements))
    if as_json:
        said = _as_json(found, lacking, good, data, data_fault) | {"packages": [each._asdict() for each in packages]}
        click.echo(json.dumps(said, indent=2, ensure_ascii=False))
    else:
        _print(found, lacking, good, data, data_fault, packages, own=own, is_kit=is_kit)
    all_here = all(package.fits for package in packages)
    enough = own if is_kit else good
    return int(ExitCode.FULL_MARKS if enough and all_here else ExitCode.HARNESS_FAULT)


def _problems() -> list[Problem] | None:
    """Those of the course here, if there is one. Raises ProblemFileError for a course that is broken."""
    try:
        course = find_course(Path.cwd())
    except ProblemFileError:
        raise
    except UsageError:
        return None
    return list(course.load_all())


def _repair(package: Package) -> str:
    if package.editable:
        return "to get it: python -m pip install FOLDER, without -e, of the folder that it was installed from"
    return f"to get it: python -m pip install {quoted(package.requirement)}"


def _inspect() -> tuple[Inspection, bool]:
    """What stands here, and whether one's own work can be graded."""
    if reason := why_it_cannot_start():
        with Spawner() as spawner:
            found = inspect_plain(spawner)
        no_walls = msgspec.structs.replace(found, fault=found.fault or f"there are none: {reason}")
        return no_walls, not found.fault
    with Stem() as stem:
        found = inspect_walls(stem)
    return found, not found.fault and not found.breaches


def _versions(found: Inspection) -> dict[str, str]:
    names = ("msgspec", "pytest", "numpy", "nbformat", "ipython", "jinja2")
    versions = {"torchgrade": grader.__version__, "python": platform.python_version(), "torch": found.torch_version}
    versions |= {name: metadata.version(name) for name in names}
    return versions | {"kernel": f"{platform.system()} {platform.release()} {platform.machine()}"}


def _data(problems: list[Problem] | None) -> tuple[str, str]:
    """Where the data sets of the course here are, or all where there is no course; and what is wrong with them."""
    used = PROVIDERS if problems is None else dict.fromkeys(each.data for each in problems if each.data is not None)
    states = [PROVIDERS[name].state() for name in used]
    return "; ".join(said for said, _ in states), "; ".join(fault for _, fault in states if fault)


def _as_json(found: Inspection, lacking: list[str], good: bool, data: str, data_fault: str) -> dict[str, Any]:
    return {
        "walls": list(found.walls),
        "missing": {
            wall.name: {"reason": found.missing[wall.name], "opens": wall.opens, "repair": wall.repair}
            for wall in WALLS
            if wall.name in found.missing
        },
        "breaches": list(found.breaches),
        "below_floor": lacking,
        "fault": found.fault,
        "may_grade_others_work": good,
        "versions": _versions(found),
        "data": data,
        "data_fault": data_fault,
    }


def _print(
    found: Inspection,
    lacking: list[str],
    good: bool,
    data: str,
    data_fault: str,
    packages: Sequence[Package],
    *,
    own: bool,
    is_kit: bool,
) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)

    def line(mark: str, style: str, text: str, *more: str) -> None:
        console.print(Text.assemble((f"{mark} ", style), text))
        for extra in more:
            console.print(Text(f"    {extra}", style="dim"))

    console.print(Text("Walls", style="bold"))
    if found.fault:
        line(*(("–", "yellow") if is_kit and own else ("✗", "red")), found.fault)
    for wall in WALLS:
        if wall.name in found.walls:
            line("✓", "green", wall.name)
        elif reason := found.missing.get(wall.name):
            line("–", "yellow", f"{wall.name}: {reason}", f"without it {wall.opens}", f"to raise it: {wall.repair}")
    for breach in found.breaches:
        line("✗", "red", f"tried from inside a room: {breach}")
    console.print()
    if own and (is_kit or why_it_cannot_start()):
        how = ", in a plain child process" if why_it_cannot_start() else ""
        line("✓", "green", f"Your own work is graded here{how}: grade PROBLEM")
    if not is_kit:
        verdict = "This machine may grade others' work." if good else "This machine may not grade others' work."
        line("✓" if good else "✗", "green" if good else "red", verdict, *(f"missing: {what}" for what in lacking))
    if data:
        console.print(Text("\nData", style="bold"))
        line("✗" if data_fault else "✓", "red" if data_fault else "green", data_fault or data)
    if packages:
        console.print(Text("\nPackages of this course", style="bold"))
    for package in packages:
        repair = () if package.fits else (_repair(package),)
        line(*(("✓", "green") if package.fits else ("✗", "red")), f"{package.requirement}: {package.said()}", *repair)
    console.print(Text("\nVersions", style="bold"))
    console.print("  ".join(f"{name} {version}" for name, version in _versions(found).items()))
