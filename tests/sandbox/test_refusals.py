"""Machines that refuse what the sandbox asks for: what is optional is left out, the rest is one line and code 4."""

from __future__ import annotations

import json
import os
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.sandbox.ordinary import ROOT

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "grader", "02", "--submission", "solutions/02-conv-bias/solution.py"]
# What is refused -> the exit code, and what is said.
REFUSED = {
    "pidfd_open": (["pidfd_open"], 0, ""),
    "limits": (["setrlimit", "prlimit"], 0, "walls missing"),
    "prctl": (["prctl"], 0, "walls missing"),
    "seccomp": (["seccomp"], 0, ""),
    "landlock": (["landlock"], 0, ""),
    "seccomp and landlock": (["seccomp", "landlock"], 0, ""),
    "namespaces": (["fork behind namespaces"], 0, ""),
    "to leave a namespace": (["setns"], 0, ""),
    "to give up capabilities": (["capset"], 4, "a room could not be locked: [Errno 1] capset"),
    "/proc": (["no-proc"], 0, ""),
}


# Each starts torch's process. Where both walls are refused, each of them is.
ALONE = ("seccomp", "landlock")


@pytest.mark.parametrize(
    ("names", "code", "says"),
    [pytest.param(*case, marks=[pytest.mark.whole] if id in ALONE else [], id=id) for id, case in REFUSED.items()],
)
def test_what_is_refused_ends_in_a_grade_or_in_a_line(names: list[str], code: int, says: str) -> None:
    if names == ["no-proc"] and os.geteuid() != 0:
        pytest.skip("only root can take /proc away")
    command = [sys.executable, "-m", "tests.sandbox.refusing", *names, "--", *COMMAND]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == code, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
    assert says in ran.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="nobody else becomes nobody")
def test_rooms_are_not_nobodys_where_nobody_may_read_the_libraries(tmp_path: Path) -> None:
    """An import in a room would find less than is installed."""
    environment = tmp_path / "roots own"
    venv.create(environment, with_pip=False)
    environment.chmod(0o700)
    (packages,) = environment.glob("lib/*/site-packages")
    (packages / "shared.pth").write_text("\n".join([str(ROOT), *site.getsitepackages()]))
    refusing = [sys.executable, "-m", "tests.sandbox.refusing", "fork behind namespaces", "--"]
    doctor = [str(environment / "bin" / "python"), "-m", "grader", "doctor", "--json"]
    ran = subprocess.run([*refusing, *doctor], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 4, ran.stderr
    found = json.loads(ran.stdout)
    assert found["below_floor"] == ["rooms without the rights of root (own-uid)"]
    assert "which only its owner may enter" in found["missing"]["own-uid"]["reason"]


@pytest.mark.parametrize("command", [COMMAND, [*COMMAND[:3], "doctor"]], ids=["grade", "doctor"])
def test_too_few_descriptors_are_one_line(command: list[str]) -> None:
    limited = ["/bin/sh", "-c", 'ulimit -n 32; exec "$@"', "sh", *command]
    ran = subprocess.run(limited, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 4
    assert "a process may open only 32 files here" in ran.stderr
    assert "Traceback" not in ran.stderr
