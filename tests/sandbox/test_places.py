"""Where the interpreter's libraries may lie: also where a room would otherwise have its own files."""

from __future__ import annotations

import site
import subprocess
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
            submission,
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stderr  # The other functions are missing.
    assert "✓ The lecture's digit classifier learns 149798 numbers." in done.stdout, done.stdout
