"""The autograder for Gradescope: its two scripts, run here as they are, on what students hand in."""

from __future__ import annotations

import ast
import json
import os
import shlex
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes

from grader.errors import MissingWallError
from tests import lent
from tests.conftest import COMMAND_SECONDS, ROOT, grade

pytestmark = pytest.mark.slow

SOLUTION = (ROOT / "solutions" / "02-conv-bias" / "solution.py").read_text(encoding="utf-8")
FLIPPED = (ROOT / "solutions" / "02-conv-bias" / "misconceptions" / "flipped_kernel.py").read_text(encoding="utf-8")
# From Gradescope's specification of results.json; `extra_data` is kept for instructors.
OF_ALL = {"score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
          "stdout_visibility", "extra_data", "tests"}  # fmt: skip
OF_A_TEST = {"score", "max_score", "status", "name", "number", "output", "visibility", "extra_data"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An autograder of problem 02, unpacked as Gradescope does."""
    folder = tmp_path_factory.mktemp("autograder")
    ran = grade("release", folder / "autograder.zip", "--gradescope", "--problem", "02")
    assert ran.code == 0, ran.err
    with zipfile.ZipFile(folder / "autograder.zip") as archive:
        for about in archive.infolist():
            archive.extract(about, folder / "source")
            (folder / "source" / about.filename).chmod(about.external_attr >> 16)
    return folder / "source"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stands for the interpreter that setup.sh installs: this one, which borrows a stem that runs."""
    path = tmp_path_factory.mktemp("python") / "python"
    program = lent.borrowing(
        "import runpy; runpy.run_module('grader.cli.autograde', run_name='__main__', alter_sys=True)"
    )
    asked = '[ "$1 $2 $3" = "-I -m grader.cli.autograde" ] && shift 3 || exit 9'
    path.write_text(f'#!/bin/sh\n{asked}\nexec {sys.executable} -I -c {shlex.quote(program)} "$@"\n')
    path.chmod(0o755)
    return path


class Autograder:
    """Runs run_autograder on one submission."""

    def __init__(self, source: Path, python: Path, folder: Path) -> None:
        self.source, self.python, self.submission = source, python, folder / "submission"
        self.results = folder / "results" / "results.json"
        self.printed = ""

    def __call__(self, **environment: str) -> dict[str, Any]:
        own = {
            "AUTOGRADER_SOURCE": str(self.source),
            "AUTOGRADER_SUBMISSION": str(self.submission),
            "AUTOGRADER_RESULTS": str(self.results),
            "AUTOGRADER_PYTHON": str(self.python),
        }
        ran = subprocess.run(
            [self.source / "run_autograder"], env={**os.environ, **own, **environment}, cwd=self.results.parent.parent,
            pass_fds=lent.descriptors(), capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        self.printed = ran.stdout + ran.stderr
        data: dict[str, Any] = json.loads(self.results.read_bytes())
        assert set(data) <= OF_ALL
        assert data["stdout_visibility"] == "hidden"
        assert data["score"] == pytest.approx(sum(test["score"] for test in data["tests"]))
        for test in data["tests"]:
            assert set(test) <= OF_A_TEST
            assert test["status"] in ("passed", "failed")
            assert 0 <= test["score"] <= test["max_score"]
        return data


@pytest.fixture
def autograder(source: Path, python: Path, tmp_path: Path) -> Autograder:
    made = Autograder(source, python, tmp_path)
    made.submission.mkdir()
    return made


def test_what_is_in_the_zip(source: Path) -> None:
    for script in ("setup.sh", "run_autograder"):
        assert stat.S_IMODE((source / script).stat().st_mode) == 0o755
        assert subprocess.run(["bash", "-n", source / script], check=False).returncode == 0
    assert (source / "course" / "solutions" / "02-conv-bias" / "solution.py").is_file()
    assert not list(source.rglob("__pycache__"))
    setup = (source / "setup.sh").read_text()
    assert "@" not in setup.replace('"$@"', "")
    assert "http" not in setup


def test_setup_installs_what_lies_beside_it_and_warms_up(source: Path, tmp_path: Path) -> None:
    """With a pip that notes what it is asked, and the grader of this environment in the place of the installed one."""
    copy = shutil.copytree(source, tmp_path / "source")
    carried = copy / "course" / "solutions" / "02-conv-bias" / "known.answers"
    carried.unlink()  # As if it did not count on that machine.
    tools = tmp_path / "tools"
    tools.mkdir()
    fake = f"""#!/bin/sh
if [ "$1" = -c ]; then exit 0; fi
mkdir -p "$3/bin"
printf '#!/bin/sh\\necho "$@" >> {tmp_path}/asked\\n' > "$3/bin/pip"
printf '#!/bin/sh\\nexec {sys.executable} -c "from grader.cli import main; main()" "$@"\\n' > "$3/bin/grade"
chmod +x "$3/bin/pip" "$3/bin/grade"
"""
    (tools / "python3.12").write_text(fake)
    (tools / "python3.12").chmod(0o755)
    for name in ("python3.14", "python3.13"):
        (tools / name).symlink_to("/bin/false")
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "AUTOGRADER_SOURCE": str(copy)}
    ran = subprocess.run(
        [copy / "setup.sh"], env=environment, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False
    )
    assert ran.returncode == 0, ran.stderr
    asked = (tmp_path / "asked").read_text().splitlines()
    assert any("torch==" in line for line in asked)
    assert any(line.endswith(".whl") and str(copy) in line for line in asked)
    assert stat.S_IMODE((copy / "course" / "solutions").stat().st_mode) & 0o077 == 0
    assert list((copy / "cache").rglob("02-conv-bias-*")), "no answers of known misunderstandings were kept"


def test_right(autograder: Autograder) -> None:
    (autograder.submission / "conv.py").write_text(SOLUTION)
    data = autograder()
    assert data["score"] == 10
    assert data["output"].startswith("The answer is conv.py.")


def test_wrong_and_nothing_of_hidden_checks_is_told(autograder: Autograder) -> None:
    """A wrong answer that prints what it is asked: of hidden checks there is title, hint and points."""
    spying = FLIPPED + (
        "\n_inner = conv_with_bias\n\n\ndef conv_with_bias(image, kernel, bias):\n"
        "    print('SEEN', image)\n    return _inner(image, kernel, bias)\n"
    )
    (autograder.submission / "submission.py").write_text(spying)
    data = autograder()
    assert 0 < data["score"] < 10
    assert "The kernel is flipped" in data["output"]
    hidden = [test for test in data["tests"] if test["extra_data"]["visibility"] == "hidden"]
    assert hidden
    assert "SEEN" not in json.dumps(data)
    source = (autograder.source / "course/problems/02-conv-bias/checks/test_conv_bias.py").read_text(encoding="utf-8")
    hints = {each.value for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Constant)}
    assert {test["output"] for test in hidden} <= {"", *hints}
    assert autograder.printed == ""


def unreadable(folder: Path) -> None:
    (folder / "submission.py").symlink_to("/etc/passwd")


def several(folder: Path) -> None:
    (folder / "draft").mkdir()
    (folder / "draft" / "notes.py").write_text("x = 1\n")
    (folder / "submission.py").write_text(SOLUTION)
    (folder / "old.py").write_text("def conv_with_bias(image, kernel, bias):\n    return None\n")


def notebook(folder: Path) -> None:
    document = new_notebook(cells=[new_code_cell("import this_does_not_exist"), new_code_cell(SOLUTION)])
    (folder / "My work.ipynb").write_text(writes(document))


ODD: list[Any] = [
    pytest.param(lambda folder: None, 0, "Nothing was found that answers", id="nothing"),
    pytest.param(lambda folder: folder.rmdir(), 0, "Nothing can be read of this submission", id="no-folder"),
    pytest.param(lambda folder: (folder / "submission.py").touch(), 0, "submission.py is empty", id="empty"),
    pytest.param(unreadable, 0, "is a symbolic link", id="link"),
    pytest.param(lambda folder: os.mkfifo(folder / "submission.py"), 0, "is a FIFO", id="fifo"),
    pytest.param(lambda folder: (folder / "a.py").write_text("def f(:"), 0, "a.py, line 1: SyntaxError", id="syntax"),
    pytest.param(lambda folder: (folder / "a.ipynb").write_text("{"), 0, "could not be graded", id="no-notebook"),
    pytest.param(lambda folder: (folder / "a.py").write_bytes(b"\x00\xff" * 99), 0, "a.py", id="binary"),
    pytest.param(lambda folder: (folder / "a.py").write_text("import os\nos._exit(0)"), 0, "ended while", id="exits"),
    pytest.param(lambda folder: (folder / "a.txt").write_text("hello"), 0, "a.txt is neither code", id="text"),
    pytest.param(several, 10, "The answer is submission.py.", id="several"),
    pytest.param(notebook, 10, "The answer is My work.ipynb.", id="notebook"),
]


@pytest.mark.parametrize(("hand_in", "score", "says"), ODD)
def test_whatever_is_handed_in(
    hand_in: Callable[[Path], object], score: float, says: str, autograder: Autograder
) -> None:
    hand_in(autograder.submission)
    data = autograder()
    assert data["score"] == score
    assert says in data["output"]
    assert sum(test["max_score"] for test in data["tests"]) == 10


def test_a_fault_of_ours_is_told_as_one(autograder: Autograder, tmp_path: Path) -> None:
    """Without a course, and without an interpreter: the results are valid, and hold no word of what happened."""
    (autograder.submission / "submission.py").write_text(SOLUTION)
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(autograder.source / "run_autograder", tmp_path / "elsewhere")
    for environment in ({"AUTOGRADER_SOURCE": str(tmp_path / "elsewhere")}, {"AUTOGRADER_PYTHON": "/bin/false"}):
        data = autograder(**environment)
        assert data["tests"] == []
        assert data["output"].startswith("The autograder could not do its work. That is not your fault")
    assert "Traceback" not in json.dumps(data)


@pytest.mark.slow
def test_several_problems_in_one_autograder(tmp_path: Path, python: Path) -> None:
    ran = grade("release", tmp_path / "source", "--gradescope", "--problem", "02", "--problem", "06")
    assert ran.code == 0, ran.err
    autograder = Autograder(tmp_path / "source", python, tmp_path)
    autograder.submission.mkdir()
    (autograder.submission / "conv.py").write_text(SOLUTION)
    data = autograder()
    assert data["score"] == 10
    assert sum(test["max_score"] for test in data["tests"]) == 20
    assert "06: Nothing was found that answers" in data["output"]
    assert {test["name"][:4] for test in data["tests"]} == {"02: ", "06: "}


LACKING = {
    "no walls": (["seccomp", "landlock", "private-files"], "no network"),
    "no limits": (["limits"], "limits on memory"),
    "root's own number": (["own-uid"], "without the rights of root"),
}


@pytest.mark.parametrize(("without", "lacks"), LACKING.values(), ids=LACKING.keys())
def test_below_the_floor_nothing_is_graded(without: list[str], lacks: str, autograder: Autograder) -> None:
    """In this process, where walls can be left out: the staff's log names what is missing."""
    from grader.release.autograding import autograde

    (autograder.submission / "submission.py").write_text(SOLUTION)
    with pytest.raises(MissingWallError, match=lacks):
        autograde(autograder.source / "course", autograder.submission, without=without)


def test_the_staff_is_told_and_the_student_gets_no_score(
    autograder: Autograder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from functools import partial

    from grader.cli.autograde import main
    from grader.release import autograding

    (autograder.submission / "submission.py").write_text(SOLUTION)
    monkeypatch.setattr(autograding, "autograde", partial(autograding.autograde, without=["own-uid", "landlock"]))
    results = autograder.submission.parent / "results.json"
    assert main([str(autograder.source / "course"), str(autograder.submission), str(results)]) == 4
    data = json.loads(results.read_bytes())
    assert data["score"] == 0
    assert data["tests"] == []
    assert data["output"].startswith("The autograder could not do its work. That is not your fault")
    said = capsys.readouterr().err
    assert "rooms without the rights of root (own-uid)" in said
    assert "Traceback" not in said
