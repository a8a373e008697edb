"""An ordinary user, user namespaces forbidden: Landlock and seccomp alone must still meet the floor.

The commands and tests below run in a process tree of that kind; see `tests.sandbox.ordinary`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from grader.sandbox.walls import table
from tests.hostile.cases import CASES
from tests.lent import EVERYTHING, WHOLE
from tests.sandbox.ordinary import ORDINARY, ROOT, run_where_namespaces_are_forbidden

pytestmark = pytest.mark.slow

GRADE = [sys.executable, "-c", "from grader.cli import main; main()"]
SOLUTION = ROOT / "solutions" / "02-conv-bias" / "solution.py"
NAMESPACES = {"user-namespace", "pid-namespace", "network-namespace", "ipc-namespace", "uts-namespace"}


def test_the_process_tree_is_what_it_claims_to_be(anybodys: Path) -> None:
    program = """
import ctypes, json, os
libc = ctypes.CDLL(None, use_errno=True)
status = open("/proc/self/status").read()
print(json.dumps({
    "uid": os.getuid(),
    "unshare": (libc.unshare(0x10000000), ctypes.get_errno()),
    "capabilities": [line.split()[1] for line in status.splitlines() if line.startswith("CapEff")],
}))
"""
    ran = run_where_namespaces_are_forbidden([sys.executable, "-c", program], anybodys)
    about = json.loads(ran.stdout)
    assert about["uid"] == (ORDINARY if os.geteuid() == 0 else os.geteuid())
    assert about["unshare"][0] == -1
    assert int(about["capabilities"][0], 16) == 0


def test_the_floor_is_met(anybodys: Path) -> None:
    ran = run_where_namespaces_are_forbidden([*GRADE, "doctor", "--json"], anybodys)
    found = json.loads(ran.stdout)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert set(found["missing"]) >= NAMESPACES | {"private-files"}
    assert {"landlock", "seccomp", "limits", "no-new-privileges", "own-uid"} <= set(found["walls"])
    assert table.meets_floor(found["walls"]) == []
    assert found["below_floor"] == found["breaches"] == []
    assert found["may_grade_others_work"] is True


def test_honest_work_is_graded_there(anybodys: Path) -> None:
    ran = run_where_namespaces_are_forbidden(
        [*GRADE, "problems/02", "--submission", str(SOLUTION), "--json", "-"], anybodys
    )
    result = json.loads(ran.stdout)
    assert (ran.returncode, result["percent"], result["status"]) == (0, 100.0, "graded")
    assert not NAMESPACES & set(result["walls"])
    assert not list(anybodys.glob("torchgrade-*")), "the rooms' folder is still there"


def test_strict_refuses_to_grade_there(anybodys: Path) -> None:
    ran = run_where_namespaces_are_forbidden(
        [*GRADE, "problems/02", "--submission", str(SOLUTION), "--sandbox", "strict"], anybodys
    )
    assert ran.returncode == 4
    assert "user-namespace" in ran.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can stay root")
def test_root_raises_what_needs_no_user_namespace(anybodys: Path) -> None:
    """As in a container with root's powers, on a system that forbids user namespaces."""
    ran = run_where_namespaces_are_forbidden([*GRADE, "doctor", "--json"], anybodys, as_root=True)
    found = json.loads(ran.stdout)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert set(found["missing"]) >= {"user-namespace", "pid-namespace"}
    assert {"private-files", "network-namespace", "ipc-namespace", "uts-namespace", "own-uid"} <= set(found["walls"])
    assert found["breaches"] == []
    arguments = ["problems/02", "--submission", str(SOLUTION), "--json", "-"]
    ran = run_where_namespaces_are_forbidden([*GRADE, *arguments], anybodys, as_root=True)
    assert json.loads(ran.stdout)["percent"] == 100.0


# System calls, files, limits, attacks: all on one stem.
SAME = ["seccomp", "landlock", "scratch", "limits"]
FILES = [f"tests/sandbox/test_{name}.py" for name in SAME]
# A forger goes about it within the room, whatever stands around it. Of what the others try, some of what each wall
# stops; or all of it.
KINDS = ["reading", "escaping", *(["forging"] if EVERYTHING else [])]


def attacks() -> list[str]:
    walled: dict[tuple[str, ...], list[str]] = {}
    for case in CASES:
        if case.family in KINDS:
            by = tuple(sorted({*case.stopped_by} & {*table.NAMES}))
            walled.setdefault((case.family, *by), []).append(f"test_an_attack_is_held[{case.id}]")
    if EVERYTHING:
        return [name for names in walled.values() for name in names]
    return [name for (_, *by), names in walled.items() if by for name in names[:: 2 if WHOLE else 4]]


@pytest.mark.slow
def test_the_same_denials_hold_there(anybodys: Path) -> None:
    ran = run_where_namespaces_are_forbidden(
        [
            "env", "TORCHGRADE_TESTS=whole", sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *FILES,
            *(f"tests/hostile/test_corpus.py::{name}" for name in attacks()),
        ],
        anybodys,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert "skipped" not in ran.stdout
    for name in (*SAME, *(f"corpus.py::test_an_attack_is_held[{kind}" for kind in KINDS)):
        assert f"test_{name}" in ran.stdout
