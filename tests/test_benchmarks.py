"""What the benchmarks compare with runs the same checks: else they would measure how fast something fails."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import COMMAND_SECONDS, ROOT

SLUG = "01-maxpool"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("submission", "code"), [("solution.py", 0), ("misconceptions/always_ceiling.py", 1)], ids=["right", "wrong"]
)
def test_plain_pytest_gives_the_same_verdict(submission: str, code: int) -> None:
    checks = ROOT / "problems" / SLUG / "checks"
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", checks, "-p", "benchmarks.plain"]
    ran = subprocess.run(
        [*map(str, command), str(checks), "--submission", str(ROOT / "solutions" / SLUG / submission)],
        cwd=ROOT, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False,
    )  # fmt: skip
    assert ran.returncode == code, ran.stdout
    assert "UnknownMark" not in ran.stdout
