"""The README's five minutes on Windows and macOS, from an unpacked kit and the grader that the kit brings."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.conftest import COMMAND_SECONDS, ROOT
from tests.kits import shared_kit
from tests.lent import WHOLE
from tests.platform.conftest import System

pytestmark = pytest.mark.slow

# What goes the same way on both is tried on one of them, unless everything is tried.
ON_ONE = pytest.mark.parametrize("system", ["win32", "darwin"] if WHOLE else ["win32"], indirect=True)
SLUG = "02-conv-bias"
SOLUTIONS = ROOT / "solutions" / SLUG
SOLUTION = (SOLUTIONS / "solution.py").read_text(encoding="utf-8")
WRONG = (SOLUTIONS / "misconceptions" / "no_bias.py").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory, system: System) -> Path:
    """A kit there: unpacked, and its grader installed, in an environment that has all that this one needs."""
    folder = shutil.copytree(shared_kit(tmp_path_factory), system.home / "Übung 2")
    (wheel,) = folder.glob("*.whl")
    (packages,) = (system.python.parents[1] / "lib").glob("python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    ours = system.run("-c", "import grader; print(grader.__file__)")
    assert str(packages) in ours.out, ours.err
    return folder


def save(folder: Path, source: str) -> None:
    """As an editor there does."""
    work = folder / "problems" / SLUG / "submission.py"
    work.write_bytes(source.replace("\n", "\r\n").encode("utf-8"))


@ON_ONE
def test_the_five_minutes(unpacked: Path, system: System) -> None:
    """One after another, as they stand in the kit's README; none leaves a traceback."""
    run = partial(system.grade, cwd=unpacked, COLUMNS="100")
    said = {"home": run(), "read": run("read", "02"), "start": run("start", "02"), "stub": run("02")}
    assert [ran.code for ran in said.values()] == [0, 0, 0, 1], said
    assert "plain child process" in said["stub"].err
    assert "8 hidden checks, worth 7 points, wait for your submission." in said["stub"].out
    save(unpacked, WRONG)
    said |= {"wrong": run("02", "--json", "wrong.json", "--html", "wrong.html"), "hint": run("hint", "02")}
    assert said["wrong"].code == 1
    (found,) = json.loads((unpacked / "wrong.json").read_bytes())["misconceptions"]
    assert found["id"] == "no_bias"
    assert found["title"] in said["wrong"].out.replace("\n", " ")
    assert said["hint"].code == 1
    save(unpacked, SOLUTION)
    said |= {"right": run("02"), "pack": run("pack", "02"), "doctor": run("doctor"), "again": run()}
    assert [said[name].code for name in ("right", "pack", "doctor", "again")] == [0, 0, 0, 0], said
    assert "3 of 3 points" in said["right"].out
    assert "Your own work is graded here" in said["doctor"].out
    assert [path for path in unpacked.glob("*02*") if path.suffix in (".py", ".zip")], said["pack"].out
    assert not [name for name, ran in said.items() if "Traceback" in ran.err + ran.out]


@ON_ONE
def test_watch_grades_at_each_save_until_ctrl_c(unpacked: Path, system: System) -> None:
    save(unpacked, WRONG)
    process = system.start("watch", "02", cwd=unpacked)
    try:
        assert process.stdout is not None
        assert "All public checks passed" not in _until("waiting for submission.py", process.stdout)
        save(unpacked, SOLUTION)
        assert "All public checks passed" in _until("waiting for submission.py", process.stdout)
        process.send_signal(signal.SIGINT)
        assert process.wait(COMMAND_SECONDS) == 0
        assert "Traceback" not in process.stdout.read()
    finally:
        process.kill()
        process.communicate()


def _until(end: str, stream: Iterator[str]) -> str:
    said = ""
    for line in stream:
        said += line
        if end in line:
            return said
    raise AssertionError(said)


NOTEBOOK = """
import torch  # Before the extension: from there on the system is emulated, and torch would look for its DLLs.
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in CELLS:
    shell.run_cell(cell, store_history=True).raise_error()
"""


@ON_ONE
def test_a_notebook_grades_its_cells(unpacked: Path, system: System) -> None:
    cells = ["%load_ext grader", SOLUTION, "%grade 02"]
    ran = system.run("-c", NOTEBOOK.replace("CELLS", repr(cells)), cwd=unpacked)
    assert ran.code == 0, ran.err
    assert "3 of 3 points" in ran.out
    assert "Traceback" not in ran.out + ran.err


FETCH = """
from grader.data import download as data
from grader.cli import main
data.fetch.__kwdefaults__.update(mirrors=[URL], archives=[data.Archive(NAME, SIZE, DIGEST)])
main()
"""


@pytest.mark.parametrize("reached", [True, False], ids=["mirror", "no mirror"])
def test_data_is_fetched(reached: bool, unpacked: Path, system: System, tmp_path: Path) -> None:
    """From a server on this machine; where none answers, the reason is one line."""
    content = bytes(range(256)) * 40
    (tmp_path / "digits.gz").write_bytes(content)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path))) as server:
        url = f"http://127.0.0.1:{server.server_port}/" if reached else "http://127.0.0.1:9/"
        said = {"URL": url, "NAME": "digits.gz", "SIZE": len(content), "DIGEST": hashlib.sha256(content).hexdigest()}
        program = FETCH
        for name, value in said.items():
            program = program.replace(name, repr(value))
        Thread(target=server.serve_forever, daemon=True).start()
        # Where grading looks for them: a folder of the user's own.
        place = tmp_path / "Bilder"
        ran = system.run("-c", program, "data", "fetch", cwd=unpacked, no_proxy="*", TORCHGRADE_MNIST=str(place))
        server.shutdown()
    assert "Traceback" not in ran.err + ran.out
    assert (ran.code, (place / "digits.gz").is_file()) == ((0, True) if reached else (4, False)), ran.err


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


def test_the_emulation_takes_away_what_it_says(unpacked: Path, system: System) -> None:
    program = (
        "import grader.model, sys, os, socket; print(sys.platform, hasattr(os, 'fork'), hasattr(os, 'pidfd_open'))"
    )
    ran = subprocess.run([system.python, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.split() == [system.name, str(system.name != "win32"), "False"]
