"""Notebooks graded for real, behind the walls: the same grades as scripts, and what is said of those that break."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.bench import Bench
from grader.grade import Given, grade_one
from grader.intake.single import read_submission
from grader.model import Grade, Outcome, Status, Submission
from grader.problem import open_course
from tests import lent
from tests.conftest import ROOT, grade
from tests.notebook.build import cells_of, notebook

pytestmark = pytest.mark.slow

COURSE = open_course(ROOT)
SOLUTION = (ROOT / "solutions" / "02-conv-bias" / "solution.py").read_text(encoding="utf-8")
IMPORTS, BUILD, APPLY = "import torch\nfrom torch import nn", "", ""
for _cell in cells_of(SOLUTION):
    BUILD = _cell if "def build_conv" in _cell else BUILD
    APPLY = _cell if "def conv_with_bias" in _cell else APPLY


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench(stem=lent.stem()) as started:
        yield started


def submission(folder: Path, name: str, content: bytes) -> Submission:
    path = folder / name
    path.write_bytes(content)
    return read_submission(path)


def outcome_of(result: Grade) -> tuple[object, ...]:
    """What two equal answers must have in common."""
    checks = [(check.id, check.outcome, check.points) for check in result.checks]
    return result.status, result.score, result.max_score, checks, result.misconceptions


def graded(bench: Bench, folder: Path, *cells: str, problem: str = "02-conv-bias") -> Grade:
    return grade_one(Given(COURSE.load(problem), submission(folder, "work.ipynb", notebook(*cells)), bench))


SCRIPTS = [
    *(
        pytest.param(slug, ROOT / "solutions" / slug / "solution.py", id=slug)
        for slug in COURSE.slugs
        if not slug.startswith("05")
    ),
    *(
        pytest.param("02-conv-bias", path, id=f"02-{path.stem}")
        for path in sorted((ROOT / "solutions" / "02-conv-bias" / "alternatives").glob("*.py"))
    ),
    pytest.param("02-conv-bias", ROOT / "examples" / "02-conv-bias" / "misconception.py", id="02-misconception"),
    pytest.param("02-conv-bias", ROOT / "examples" / "02-conv-bias" / "crash.py", id="02-crash"),
]


@pytest.mark.parametrize(("slug", "script"), SCRIPTS)
def test_the_same_answer_gets_the_same_grade(bench: Bench, tmp_path: Path, slug: str, script: Path) -> None:
    problem, source = COURSE.load(slug), script.read_text(encoding="utf-8")
    as_script = grade_one(Given(problem, submission(tmp_path, "work.py", source.encode()), bench))
    for version in (4, 3) if slug == "02-conv-bias" else (4,):
        content = notebook(*cells_of(source), version=version)
        as_notebook = grade_one(Given(problem, submission(tmp_path, "work.ipynb", content), bench))
        assert outcome_of(as_notebook) == outcome_of(as_script)
    assert as_script.score > 0 or script.name == "crash.py"


def test_a_failed_cell_costs_its_own_checks_and_the_report_says_which(bench: Bench, tmp_path: Path) -> None:
    result = graded(bench, tmp_path, IMPORTS, BUILD, "x = = 3\n" + APPLY, "1 / 0")
    assert result.status is Status.GRADED
    lost = [check for check in result.checks if check.outcome is not Outcome.PASSED]
    assert {check.outcome for check in lost} == {Outcome.FAILED}
    assert 0 < result.score < result.max_score
    assert lost[0].message == (
        "the submission defines no `conv_with_bias`; "
        "cell 3 was not run, because of line 1 (`x = = 3`): SyntaxError: invalid syntax"
    )
    assert result.notes[0].startswith("Cell 3 was not run, because of line 1")
    assert f"That costs {len(lost)} checks: “{lost[0].title.rstrip('.')}”" in result.notes[0]
    assert result.notes[1] == "Cell 4 failed in line 1 (`1 / 0`): ZeroDivisionError: division by zero. " + (
        "No check failed for want of it."
    )
    assert "Restart & Run All" in result.notes[2]


def test_a_lost_helper_is_traced_to_its_cell(bench: Bench, tmp_path: Path) -> None:
    apply = APPLY.replace("def conv_with_bias", "def real_conv")
    calls_it = "def conv_with_bias(image, kernel, bias):\n    return helper(image, kernel, bias)"
    result = graded(
        bench, tmp_path, IMPORTS, BUILD, apply + "\ndef helper(*a, b=no_such_name): return real_conv(*a)", calls_it
    )
    public = next(check for check in result.checks if check.outcome is not Outcome.PASSED)
    assert public.outcome is Outcome.ERROR
    assert "raised NameError: name 'helper' is not defined; cell 3 failed in line" in public.message
    assert public.traceback.splitlines()[1:3] == [
        "  cell 4, line 2, in conv_with_bias",
        "    return helper(image, kernel, bias)",
    ]
    assert "That costs" in result.notes[0]


def test_hidden_checks_say_nothing_more_than_before(bench: Bench, tmp_path: Path) -> None:
    result = graded(bench, tmp_path, IMPORTS, BUILD, "x = = 3\n" + APPLY)
    hidden = {check.message for check in result.checks if check.visibility == "hidden" and check.message}
    assert hidden == {"the submission lacks a function that this check calls"}


def test_an_error_names_the_cell_and_its_line(bench: Bench, tmp_path: Path) -> None:
    broken = "# first try\n\ndef conv_with_bias(image, kernel, bias):\n    return image.no_such_thing()"
    result = graded(bench, tmp_path, IMPORTS, BUILD, "%matplotlib inline\n\n" + broken)
    check = next(check for check in result.checks if check.outcome is Outcome.ERROR)
    assert check.traceback.splitlines()[:3] == [
        "Traceback (most recent call last):",
        "  cell 3, line 6, in conv_with_bias",
        "    return image.no_such_thing()",
    ]


def test_a_forbidden_operator_is_told_by_cell(bench: Bench, tmp_path: Path) -> None:
    source = (ROOT / "solutions" / "01-maxpool" / "solution.py").read_text(encoding="utf-8")
    cheat = "import torch.nn.functional as F\n\ndef max_pool2d(*a, **more):\n    return F.max_pool2d(*a, **more)"
    result = graded(bench, tmp_path, *cells_of(source), cheat, problem="01-maxpool")
    told = [check.message for check in result.checks if "aten::" in check.message]
    number = len(cells_of(source)) + 1
    assert told
    assert all(message.startswith(f"cell {number}, line 4: max_pool2d runs aten::") for message in told)


def test_shells_prompts_plots_and_await_do_no_harm_behind_the_walls(bench: Bench, tmp_path: Path) -> None:
    result = graded(
        bench,
        tmp_path,
        "!touch /tmp/made\n%pip install einops\nimport matplotlib.pyplot as plt",
        "import asyncio, os\nawait asyncio.sleep(0.01)\nassert not os.path.exists('/tmp/made')",
        "answer = input('go on? ')\nprint('answered', repr(answer))",
        IMPORTS,
        BUILD,
        APPLY,
        "fig, axes = plt.subplots(1, 2)\naxes[0].imshow([[1]])\nplt.show()",
        "%load_ext grader\n%grade 02",
    )
    assert (result.percent, len(result.notes)) == (100.0, 1)
    assert "cell 1, line 1 (!touch /tmp/made); cell 1, line 2 (%pip install einops)" in result.notes[0]
    assert "answered ''" in result.stdout


def test_a_training_cell_does_not_cost_the_functions(bench: Bench, course: Path) -> None:
    description = course / "problems" / "02-conv-bias" / "problem.yaml"
    description.write_text(description.read_text(encoding="utf-8") + "\nlimits:\n  import_seconds: 2\n")
    work = submission(course, "work.ipynb", notebook("import time\ntime.sleep(99)", IMPORTS, BUILD, APPLY))
    result = grade_one(Given(open_course(course).load("02-conv-bias"), work, bench))
    assert result.percent == 100.0
    assert "in line 2 (`time.sleep(99)`): a training run, or a loop that never ends." in result.notes[0]


REJECTED = {
    "broken JSON": (notebook(IMPORTS)[:-9], "the notebook's file is damaged: it is not complete JSON (line"),
    "another language": (
        notebook("f <- 1", metadata={"kernelspec": {"display_name": "R", "language": "R", "name": "ir"}}),
        "the notebook is written in R (its kernel is R); only Python can be graded",
    ),
    "no code": (notebook(), "the notebook has no code cells; there is Python in its text cells"),
    "every cell broken": (
        notebook("def build_conv(:", "def conv_with_bias() pass"),
        "no cell that works defines build_conv or conv_with_bias:\ncell 1 was not run, because of line 1",
    ),
}


@pytest.mark.parametrize(("content", "says"), REJECTED.values(), ids=REJECTED)
def test_a_notebook_that_cannot_be_graded_is_rejected(bench: Bench, tmp_path: Path, content: bytes, says: str) -> None:
    result = grade_one(Given(COURSE.load("02-conv-bias"), submission(tmp_path, "work.ipynb", content), bench))
    assert (result.status, result.score) == (Status.REJECTED, 0.0)
    assert result.message.startswith(says)


def test_the_command_rejects_with_3_and_says_the_sentence(tmp_path: Path) -> None:
    path = tmp_path / "work.IPYNB"
    path.write_bytes(notebook(IMPORTS)[:-9])
    ran = grade("02", "--submission", path)
    assert ran.code == 3
    assert "the notebook's file is damaged" in ran.out


def test_fifty_megabytes_of_outputs_are_graded_and_told(bench: Bench, tmp_path: Path) -> None:
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "QUJD" * 12_500_000}}
    shown = b'"outputs": [%s]' % json.dumps(picture).encode()
    content = notebook(IMPORTS, BUILD, APPLY).replace(b'"outputs": []', shown, 1)
    work = submission(tmp_path, "work.ipynb", content)
    assert len(content) > 50_000_000
    assert len(work.main.content) < 10_000
    result = grade_one(Given(COURSE.load("02-conv-bias"), work, bench))
    assert result.percent == 100.0
    assert result.notes == (
        "50.0 MB of the notebook are outputs and pictures. They were left aside; "
        "Clear All Outputs before saving makes it small.",
    )


def test_a_notebook_beyond_the_limit_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "work.ipynb"
    path.write_bytes(b'{"cells": [], "x": "' + b"x" * 64_000_000 + b'"}')
    ran = grade("02", "--submission", path)
    assert ran.code == 3
    assert "at most 64.0 MB are read" in ran.err
    assert "Clear All Outputs" in ran.err
