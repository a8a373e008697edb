"""Where the interpreter's libraries may lie: also where a room would otherwise have its own files."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import tempfile
import textwrap
import venv
from pathlib import Path

import pytest

from grader.sandbox.walls.private_files import scratch_beside
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("paths", "place"),
    [
        (["/usr/lib/python3.11", "/etc/ld.so.cache"], "/tmp"),
        (["/usr/lib", "/tmpfiles/lib"], "/tmp"),
        (["/usr/lib", "/tmp/venv/lib"], "/scratch"),
        (["/tmp"], "/scratch"),
        (["/tmp/venv/lib", "/scratch/me/lib"], "/torchgrade-scratch"),
    ],
)
def test_the_scratch_hides_no_library(paths: list[str], place: str) -> None:
    assert scratch_beside(paths) == place


@pytest.mark.slow
def test_an_environment_below_tmp_is_seen_from_a_room(tmp_path: Path) -> None:
    submission = tmp_path / "submission.py"
    submission.write_text(
        textwrap.dedent("""
        import tempfile

        def total_parameters(model):
            import only_there  # for the first time here, behind the walls
            import torch._inductor.runtime.cache_dir_utils as places

            places.cache_dir()  # torch makes a folder of its own

            with tempfile.NamedTemporaryFile() as file:
                file.write(b"a room has files of its own")
            return only_there.count(model)
        """)
    )
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        venv.create(folder, with_pip=False)
        packages = next(Path(folder).glob("lib/*/site-packages"))
        packages.joinpath("only_there.py").write_text(
            "def count(model):\n    return sum(p.numel() for p in model.parameters())\n"
        )
        packages.joinpath("shared.pth").write_text("\n".join([str(ROOT), *site.getsitepackages()]))
        command = [
            f"{folder}/bin/python",
            "-c",
            "from grader.cli import main; main()",
            "problems/04",
            "--submission",
            str(submission),
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stderr  # The other functions are missing.
    assert "✓ The lecture's digit classifier learns 149798 numbers." in done.stdout, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["auto", "process"])
def test_a_driver_runs_the_processes_of_its_own_checkout(mode: str, tmp_path: Path) -> None:
    """Found by PYTHONPATH, which no process that it starts heeds: an installed grader must not answer for it."""
    shutil.copytree(ROOT / "grader", tmp_path / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "templates", tmp_path / "grader" / "templates")
    for name in ("stem", "interpreters"):
        module = tmp_path / "grader" / "sandbox" / f"{name}.py"
        module.write_text(module.read_text() + f"\nimport os, sys\nos.write(2, b'the copy of {name}\\n')\n")
    command = [sys.executable, "-P", "-m", "grader", "02", "--sandbox", mode]
    command += ["--submission", "solutions/02-conv-bias/solution.py"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(tmp_path)}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ("the copy of stem" in ran.stderr) == (mode == "auto")
    assert ("the copy of interpreters" in ran.stderr) == (mode == "process")
