"""What all tests share: the project's root, the real command, submissions written for one test."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from grader.cores import usable_cores
from tests import lent

ROOT = Path(__file__).resolve().parent.parent
# Before torch is imported: its threads wait for each other in loops, and each core has a worker of its own.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Commands find what earlier ones compiled, as on a user's machine, whatever the machine of the tests is told.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# What a shell starts in the background ignores Ctrl-C, and so would the commands that the tests end by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
# A run for everybody takes the same examples each time; `make fuzz` and a run by hand look for new ones.
hypothesis.settings.register_profile("everybody", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("everybody")
# No command in these tests takes longer, however busy the machine; one that does hangs.
COMMAND_SECONDS = 180


@dataclass(frozen=True)
class Ran:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        result: dict[str, Any] = json.loads(self.out)
        return result


COMMAND = "from grader.cli import main; main()"


def command_line(*arguments: str | Path, program: str = COMMAND) -> list[str]:
    """What starts the real command, or another program that calls it, for a test that runs the process itself."""
    return [sys.executable, "-c", program, *map(str, arguments)]


def grade(
    *arguments: str | Path,
    cwd: Path = ROOT,
    env: dict[str, str] | None = None,
    seconds: float = COMMAND_SECONDS,
    cold: bool = False,
) -> Ran:
    """Run the real command. It borrows a stem that runs, where it takes one; with `cold` it starts its own."""
    done = subprocess.run(
        command_line(*arguments, program=COMMAND if cold else lent.borrowing(COMMAND)),
        cwd=cwd,
        env={**os.environ, "COLUMNS": "100", **(env or {})},
        pass_fds=() if cold else lent.descriptors(),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def walls_of_this_user() -> set[str]:
    """The walls that can stand here: control groups are not for every user to make, and the floor is met without."""
    from grader.sandbox.walls import cgroup, table

    try:
        cgroup.create(f"torchgrade-{os.getpid()}-test").remove()
    except OSError:
        return set(table.NAMES) - {"cgroup"}
    return set(table.NAMES)


# Files that take longest, most first. A worker takes whole files: one that begins late is waited for.
LONG = [
    "platform/test_kit_road.py", "batch/test_dask.py", "hostile/test_corpus.py", "release/test_kit.py",
    "desk/test_desk.py", "desk/test_browser.py", "batch/test_layouts.py", "verify/test_promises.py",
    "reports/test_browser.py", "students/test_surroundings.py", "platform/test_student_road.py",
    "sandbox/test_floor.py", "cli/test_one.py", "batch/test_feedback.py", "intake/test_hostile.py",
    "release/test_autograder.py", "notebook/test_extension.py", "batch/test_command.py", "cli/test_new.py",
    "batch/test_killed.py", "hostile/test_untrained.py", "sandbox/test_refusals.py", "batch/test_rounds.py",
    "checking/test_leftovers.py", "batch/test_hostile_class.py", "students/test_known.py", "cli/test_a_semester.py",
    "batch/test_plans.py", "batch/test_starved.py", "batch/test_workers.py", "test_tiers.py", "batch/test_adjust.py",
    "porting/test_import.py", "batch/test_class.py", "hostile/test_leftovers.py",
]  # fmt: skip
_TURNS = {ROOT / "tests" / name: turn for turn, name in enumerate(LONG)}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Half as many workers again as cores: slow tests wait, for deadlines, browsers and machines that start. The others
    do not, and each worker collects them all.
    """
    if config.option.markexpr or "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    return usable_cores() * 3 // 2


_ALL_SLOW = re.compile(r"^pytestmark = \[?\s*pytest\.mark\.slow\b", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import no file of slow tests for the fast loop: each worker would, and Dask, Jupyter and browsers with it."""
    if config.option.markexpr != "not slow" or not collection_path.match("test_*.py"):
        return None
    return True if _ALL_SLOW.search(collection_path.read_text(encoding="utf-8")) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is tried where everything is; let workers that share the tests begin with the longest files."""
    if not lent.WHOLE:
        left_out = [item for item in items if item.get_closest_marker("whole")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: _TURNS.get(item.path, len(_TURNS)))


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests neither use nor change what the person who runs them has in their cache and their journal.

    The workers of one run share a cache, as those of one machine do: what misconceptions reply is found out once.
    """
    own = tmp_path_factory.getbasetemp()
    os.environ["XDG_CACHE_HOME"] = str((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "cache")
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="session", autouse=True)
def _lent_stem() -> Iterator[None]:
    yield
    lent.end()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a submission for this test; its path."""

    def write_file(source: str | bytes, name: str = "submission.py") -> Path:
        path = tmp_path / name
        content = source if isinstance(source, bytes) else textwrap.dedent(source).encode()
        path.write_bytes(content)
        return path

    return write_file


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of its own with problem 02, to be written into; links would let a test change the tree."""
    import shutil

    root = tmp_path / "course"
    for kind in ("problems", "solutions"):
        shutil.copytree(
            ROOT / kind / "02-conv-bias",
            root / kind / "02-conv-bias",
            ignore=shutil.ignore_patterns("__pycache__", "submission.*"),
        )
    return root
