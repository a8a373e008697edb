"""`grade PROBLEM` as a student meets it: every case through the real command."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, grade

SOLUTION = ROOT / "solutions" / "02-conv-bias" / "solution.py"
RIGHT = SOLUTION.read_text(encoding="utf-8")
QUICK_LIMITS = "\nlimits:\n  import_seconds: 3\n  call_seconds: 3\n  total_seconds: 20\n  memory_mb: 512\n"
# The right answer, with one function replaced by what a case is about.
WITH_BROKEN_CALL = RIGHT + "\n\ndef conv_with_bias(image, kernel, bias):\n"


def graded(course: Path, submission: Path, *more: str) -> tuple[int, dict[str, object]]:
    """Exit code and result.json."""
    ran = grade("02", "--submission", submission, "--json", "-", *more, cwd=course)
    assert ran.out, ran.err
    return ran.code, ran.json


@pytest.fixture
def quick(course: Path) -> Path:
    """The course, with limits that an endless loop meets soon."""
    problem = course / "problems" / "02-conv-bias" / "problem.yaml"
    problem.write_text(problem.read_text(encoding="utf-8") + QUICK_LIMITS, encoding="utf-8")
    # What they reply within these limits would be found out anew: seconds for them all.
    for path in (course / "solutions" / "02-conv-bias" / "misconceptions").glob("*.py"):
        path.unlink()
    return course


def test_the_solution_gets_full_marks() -> None:
    ran = grade("problems/02", "--submission", SOLUTION, "--json", "-", cold=True)
    assert ran.code == 0
    assert ran.json["percent"] == 100.0
    assert ran.json["status"] == "graded"
    assert {check["outcome"] for check in ran.json["checks"]} == {"passed"}


def test_without_a_submission_the_stub_is_written_and_graded(course: Path) -> None:
    ran = grade("problems/02", cwd=course)
    written = course / "problems" / "02-conv-bias" / "submission.py"
    assert ran.code == 1
    assert written.read_bytes() == (course / "problems/02-conv-bias/stub.py").read_bytes()
    assert "There was no submission yet" in ran.err
    assert "0 of 10 points" in ran.out


@dataclass(frozen=True)
class Broken:
    """A submission that breaks in one way, and what has to be said of it."""

    source: str
    says: str
    outcome: str = "error"
    id: str = ""


IN_A_CALL = [
    # It waits, and computes nothing meanwhile: one that does is among the attacks.
    Broken("    import time\n    while True: time.sleep(1)\n", "no answer within 3 s", "timeout", id="endless-loop"),
    Broken("    import sys; sys.exit(0)\n", "SystemExit", id="sys-exit"),
    Broken("    import os; os._exit(0)\n", "the process ended during the call", "crashed", id="os-exit-0"),
    Broken("    return [bytearray(1 << 24) for _ in range(500)]\n", "512 MB", id="memory"),
    Broken("    return torch.empty(800_000_000)\n", "512 MB", id="tensor-of-3-GB"),
    Broken("    return torch.zeros(1).expand(800_000_000)\n", "64 MB", id="tensor-of-3-GB-without-memory"),
    Broken("    return conv_with_bias(image, kernel, bias)\n", "RecursionError", id="recursion"),
    Broken("    return image[5, 5]\n", "IndexError", id="exception"),
    Broken("    return [[11.0, 12.0], [15.0, 16.0]]\n", "wrong type", "failed", id="wrong-type"),
    Broken("    return build_conv(kernel, bias)(image[None, None])[0]\n", "wrong shape", "failed", id="wrong-shape"),
]


@pytest.mark.slow
@pytest.mark.parametrize("case", IN_A_CALL, ids=lambda case: case.id)
def test_a_call_that_breaks(case: Broken, quick: Path, write: Callable[..., Path]) -> None:
    code, result = graded(quick, write(WITH_BROKEN_CALL + case.source))
    checks = {check["id"].partition("::")[2]: check for check in result["checks"]}  # type: ignore[attr-defined]
    broken = checks["test_the_worked_example"]
    assert code == 1
    assert result["status"] == "graded"
    assert broken["outcome"] == case.outcome
    assert broken["points"] == 0
    assert case.says in broken["message"]
    # What does not use the broken function keeps its points.
    assert checks["test_the_layer_holds_the_given_numbers"]["outcome"] == "passed"


@pytest.mark.slow
def test_a_missing_function_and_a_wrong_arity(quick: Path, write: Callable[..., Path]) -> None:
    without = RIGHT.replace("def conv_with_bias(", "def convolve_with_bias(").replace("def build_conv(", "def build(")
    code, result = graded(quick, write(without + "\n\ndef conv_with_bias(image, kernel):\n    return image\n"))
    messages = [check["message"] for check in result["checks"]]  # type: ignore[attr-defined]
    assert code == 1
    assert result["score"] == 0
    assert any("defines no `build_conv`" in message for message in messages)
    assert any("takes 2 positional arguments but 3 were given" in message for message in messages)


LOADING = [
    Broken(
        "import torch\n\ndef conv_with_bias(image, kernel, bias)\n    return 1\n", "line 3", "rejected", id="syntax"
    ),
    Broken("while True: pass\n", "longer than 3 s", "timeout", id="endless-loop"),
    Broken("import sys\nsys.exit(0)\n", "line 2", "rejected", id="sys-exit"),
    Broken("import os\nos._exit(0)\n", "exit code 0", "crashed", id="os-exit-0"),
    Broken("x = 1\ny = x.missing\n", 'File "submission.py", line 2', "rejected", id="exception"),
    Broken("block = bytearray(1 << 30)\n", "512 MB", "out_of_memory", id="memory"),
    Broken("import nothing_of_this_name\n", "nothing_of_this_name", "rejected", id="missing-module"),
]


@pytest.mark.slow
@pytest.mark.parametrize("case", LOADING, ids=lambda case: case.id)
def test_a_submission_that_cannot_be_loaded(case: Broken, quick: Path, write: Callable[..., Path]) -> None:
    code, result = graded(quick, write(case.source))
    assert code == 3
    assert result["status"] == case.outcome
    assert result["score"] == 0
    assert result["max_score"] == 10
    assert case.says in str(result["message"])
    assert "grader/" not in str(result["message"])


def test_a_syntax_error_shows_its_line(course: Path, write: Callable[..., Path]) -> None:
    ran = grade("02", "--submission", write("def f(x):\n    return x +\n"), cwd=course)
    assert ran.code == 3
    assert "line 2" in ran.out
    assert "return x +" in ran.out


@pytest.mark.slow
def test_a_traceback_holds_the_students_frames_alone(course: Path, write: Callable[..., Path]) -> None:
    source = WITH_BROKEN_CALL + "    return helper(image)\n\ndef helper(image):\n    return image.no_such_method()\n"
    _, result = graded(course, write(source))
    first = result["checks"][0]  # type: ignore[index]
    assert "in conv_with_bias" in first["traceback"]
    assert "image.no_such_method()" in first["traceback"]
    assert "room.py" not in json.dumps(result)


@pytest.mark.slow
def test_a_gigabyte_of_output_is_cut_and_not_punished(course: Path, write: Callable[..., Path]) -> None:
    source = RIGHT + "\nline = 'x' * 1_000_000\nfor _ in range(1000):\n    print(line)\n"
    code, result = graded(course, write(source))
    assert code == 0
    assert 0 < len(str(result["stdout"])) < 100_000


@pytest.mark.slow
def test_what_hidden_checks_ask_is_told_nowhere(course: Path, write: Callable[..., Path]) -> None:
    source = WITH_BROKEN_CALL + "    print('PRINTED', image.shape)\n    raise ValueError(f'RAISED {image.tolist()}')\n"
    page = course / "page.html"
    _, result = graded(course, write(source), "--html", str(page))
    hidden = [check for check in result["checks"] if check["visibility"] == "hidden"]  # type: ignore[attr-defined]
    assert hidden
    for check in hidden:
        assert "RAISED" not in check["message"]
        assert not check.get("traceback")
        assert check.get("mismatch") is None
    public_calls = sum(check["visibility"] == "public" for check in result["checks"])  # type: ignore[attr-defined]
    assert str(result["stdout"]).count("PRINTED") <= public_calls
    assert page.read_text(encoding="utf-8").count("RAISED") <= 4 * public_calls


@pytest.mark.slow
def test_public_only_leaves_hidden_checks_out(course: Path) -> None:
    _, result = graded(course, SOLUTION, "--public-only")
    assert {check["visibility"] for check in result["checks"]} == {"public"}  # type: ignore[attr-defined]


@pytest.mark.slow
def test_reveal_shows_of_hidden_checks_what_is_shown_of_public_ones(course: Path) -> None:
    flipped = ROOT / "solutions/02-conv-bias/misconceptions/flipped_kernel.py"
    _, result = graded(course, flipped, "--reveal")
    failed = [check for check in result["checks"] if check["outcome"] == "failed"]  # type: ignore[attr-defined]
    assert failed
    assert all(check["mismatch"] is not None for check in failed)
    assert result["misconceptions"][0]["id"] == "flipped_kernel"  # type: ignore[index]


WRONG_USAGE = [
    pytest.param(["conv-bais"], "did you mean 02-conv-bias?", id="typo"),
    pytest.param(["99"], "there is no problem 99", id="no-such-number"),
    pytest.param(["prblems/02"], "did you mean problems/02-conv-bias?", id="typo-in-folder"),
    pytest.param(["verfy"], "did you mean grade verify?", id="typo-in-command"),
    pytest.param(["02", "--submission", "nowhere.py"], "nowhere.py", id="no-such-file"),
    pytest.param(["02", "--submission", "."], "submission", id="folder-without-submission"),
    pytest.param(["02", "--sandbox", "none"], "'none' is not one of", id="no-such-sandbox"),
    pytest.param(["02", "--no-such-flag"], "no-such-flag", id="no-such-flag"),
]


@pytest.mark.parametrize(("arguments", "says"), WRONG_USAGE)
def test_wrong_usage_is_exit_2_and_says_what_to_do(arguments: list[str], says: str, course: Path) -> None:
    ran = grade(*arguments, cwd=course)
    assert ran.code == 2
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_outside_a_course(tmp_path: Path) -> None:
    ran = grade("02", cwd=tmp_path)
    assert ran.code == 2
    assert "there is no course here" in ran.err


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 50, b"#" * 2_000_000], ids=["empty", "binary", "too-large"])
def test_an_unreadable_file_is_exit_3(content: bytes, course: Path, write: Callable[..., Path]) -> None:
    ran = grade("02", "--submission", write(content), cwd=course)
    assert ran.code == 3
    assert ran.err.startswith("grade: ")


@pytest.mark.parametrize("mode", ["strict", pytest.param("process", marks=pytest.mark.slow)])
def test_sandbox_modes(mode: str, course: Path) -> None:
    ran = grade("02", "--submission", SOLUTION, "--sandbox", mode, cwd=course)
    assert ran.code == 0
    assert ("plain child process" in ran.err) == (mode == "process")


LEGAL = [
    pytest.param(b"\xef\xbb\xbf" + RIGHT.encode(), id="byte-order-mark"),
    pytest.param(RIGHT.replace("\n", "\r\n").encode(), id="crlf"),
    pytest.param(RIGHT.replace("    ", "\t").encode(), id="tabs"),
    pytest.param(b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + RIGHT.encode(), id="coding-line"),
]


@pytest.mark.slow
@pytest.mark.parametrize("content", LEGAL)
def test_legal_python_of_any_form_is_graded(content: bytes, course: Path, write: Callable[..., Path]) -> None:
    assert graded(course, write(content))[0] == 0


def test_the_html_report_is_written_whole_or_not_at_all(course: Path) -> None:
    missing = course / "no-such-folder" / "report.html"
    ran = grade("02", "--submission", SOLUTION, "--html", missing, cwd=course)
    assert ran.code == 2
    assert "cannot be written" in ran.err
