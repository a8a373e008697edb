"""`%grade` in a real kernel, as a student meets it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests import lent
from tests.conftest import ROOT, grade
from tests.notebook.build import cells_of, notebook

SOLUTION = (ROOT / "solutions" / "02-conv-bias" / "solution.py").read_text(encoding="utf-8")
WRONG = "def conv_with_bias(image, kernel, bias):\n    return build_conv(kernel, bias + 1)(image[None])"
_SECONDS = 180
# Each starts a kernel of its own.
pytestmark = pytest.mark.slow


def execute(document: Any, folder: Path, *, go_on: bool = False, cold: bool = False) -> Any:
    """Run a notebook with a real kernel in `folder`; with `go_on`, after a cell that failed too.

    The kernel borrows a stem that runs; with `cold` it starts its own, as a student's does.
    """
    descriptors = [] if cold else lent.descriptors()
    before = f"exec({lent.borrowing('')!r}, {{'__name__': 'borrowing'}})"
    client = nbclient.NotebookClient(
        document,
        timeout=_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        allow_errors=go_on,
        extra_arguments=[f"--IPKernelApp.exec_lines={before}"] if descriptors else [],
    )
    return client.execute(pass_fds=descriptors)


def run(folder: Path, *cells: str) -> list[Any]:
    """The outputs of the last cell of these, run by a real kernel."""
    executed = execute(new_notebook(cells=[new_code_cell(cell) for cell in cells]), folder)
    outputs: list[Any] = executed.cells[-1].outputs
    return outputs


def report(outputs: list[Any]) -> tuple[str, str]:
    """HTML and text of the one report among the outputs."""
    (output,) = outputs
    assert output.output_type == "display_data"
    return output.data["text/html"], output.data["text/plain"]


@pytest.fixture
def answered(course: Path) -> Callable[[], Any]:
    """The notebook that `grade start --notebook` writes, with the right answers filled in."""

    def read() -> Any:
        assert grade("start", "02", "--notebook", cwd=course).code == 0
        path = course / "problems" / "02-conv-bias" / "submission.ipynb"
        document = nbformat.read(path, as_version=4)
        for cell in document.cells:
            for source in cells_of(SOLUTION):
                if f"def {cell.id}(" in source:
                    cell.source = source
        nbformat.write(document, path)
        return document

    return read


def test_the_notebook_of_a_problem_runs_to_the_end_and_grades_itself(course: Path, answered: Callable[[], Any]) -> None:
    executed = execute(answered(), course / "problems" / "02-conv-bias", cold=True)
    html, text = report(executed.cells[-1].outputs)
    assert "10 of 10 points" in text
    assert "the cells run so far" in text
    assert "&lt;!doctype html&gt;" in html
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
    nbformat.validate(executed)


def test_what_counts_is_what_was_run_last_and_a_second_time_works(course: Path) -> None:
    executed = execute(
        new_notebook(
            cells=[
                new_code_cell(cell)
                for cell in (
                    *cells_of(SOLUTION),
                    "%load_ext grader",
                    "%grade 02",
                    WRONG,
                    "%grade conv-bias --public-only",
                    "%reload_ext grader\n%grade 02",
                    "%unload_ext grader",
                )
            ]
        ),
        course,
    )
    first, _, public, again, _ = executed.cells[-5:]
    assert "10 of 10 points" in report(first.outputs)[1]
    assert "Only the public checks were run." in report(public.outputs)[1]
    wrong = report(again.outputs)[1]
    assert "10 of 10 points" not in wrong
    assert "defined more than once" not in wrong


def test_a_cell_that_loads_the_extension_may_be_run_again_and_help_helps(course: Path) -> None:
    cells = ["%load_ext grader", "%load_ext grader", "%unload_ext grader", "%load_ext grader\n%grade --help"]
    executed = execute(new_notebook(cells=[new_code_cell(cell) for cell in cells]), course)
    *silent, helped = [cell.outputs for cell in executed.cells]
    assert silent == [[], [], []]
    assert "%grade 02 --saved" in helped[0]["data"]["text/plain"]


def test_errors_are_told_by_the_numbers_of_the_kernel(course: Path) -> None:
    broken = "def conv_with_bias(image, kernel, bias):\n    return image.no_such_thing()"
    text = report(run(course, *cells_of(SOLUTION), "x = 1", broken, "%load_ext grader\n%grade 02"))[1]
    number = len(cells_of(SOLUTION)) + 2
    assert f"In [{number}], line 2, in conv_with_bias" in text


def test_what_lies_beside_the_notebook_is_told(course: Path) -> None:
    (course / "mine.py").write_text(SOLUTION, encoding="utf-8")
    (course / "part0.csv").write_text("1", encoding="utf-8")
    reads = "def conv_with_bias(image, kernel, bias):\n    return open('part' + str(0) + '.csv')"
    text = " ".join(
        report(run(course, f"from mine import build_conv\n{reads}", "%load_ext grader\n%grade 02"))[1].split()
    )
    assert "mine.py lies beside the answer and counts only if handed in with it" in text
    assert "part0.csv lies beside the answer and does not count, neither here nor in class" in text
    assert "No module named" not in text


def test_the_saved_file_when_asked(course: Path, answered: Callable[[], Any]) -> None:
    answered()
    other = course / "other.ipynb"
    other.write_bytes(notebook(SOLUTION, WRONG))
    executed = execute(
        new_notebook(
            cells=[
                new_code_cell(cell)
                for cell in (
                    "%load_ext grader",
                    "%env JPY_SESSION_NAME=",
                    "%grade 02 --saved",
                    "%grade 02 --saved other.ipynb",
                    f"%env JPY_SESSION_NAME={other}",
                    "%grade 02 --saved",
                )
            ]
        ),
        course,
    )
    texts = [report(cell.outputs)[1] for cell in executed.cells if cell.source.startswith("%grade")]
    assert ["10 of 10 points" in text for text in texts] == [True, False, False]


SENTENCES = {
    "nothing defined": ("%grade 02", "this notebook has not defined build_conv or conv_with_bias yet\nRun the cells"),
    "no such problem": ("%grade 02-conf-bias", "there is no problem 02-conf-bias"),
    "no such option": ("%grade 02 --nonsense", "unrecognized arguments: --nonsense"),
    "no such file": ("%grade 02 --saved nowhere.ipynb", "there is no nowhere.ipynb"),
    "no file known": (
        "%env JPY_SESSION_NAME=\n%grade 02 --saved",
        "which file this notebook is saved in cannot be told here\nName it: %grade 02 --saved",
    ),
}


def test_what_cannot_be_graded_is_a_sentence_without_a_traceback(course: Path) -> None:
    lines = [line for line, _ in SENTENCES.values()]
    cells = [new_code_cell(line) for line in ("%load_ext grader", *lines)]
    executed = execute(new_notebook(cells=cells), course, go_on=True)
    for cell, (_, says) in zip(executed.cells[1:], SENTENCES.values(), strict=True):
        assert {output.output_type for output in cell.outputs} == {"stream"}, cell.source
        said = "".join(output.text for output in cell.outputs if output.name == "stderr")
        assert says in said
        assert "Traceback" not in said


def test_a_terminals_ipython_shows_the_text(course: Path) -> None:
    """Without a notebook around it, the same magic prints what the command prints."""
    import subprocess
    import sys

    (course / "mine.py").write_text(SOLUTION, encoding="utf-8")
    program = "from mine import *; get_ipython().run_line_magic('load_ext', 'grader'); "
    program += "get_ipython().run_line_magic('grade', '02 --saved mine.py')"
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", "--colors=nocolor", "-c", program],
        cwd=course,
        env={"PATH": "/usr/bin:/bin", "HOME": str(course), "IPYTHONDIR": str(course / "ipython")},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=True,
    )
    assert "10 of 10 points" in done.stdout, json.dumps(done.stdout)
