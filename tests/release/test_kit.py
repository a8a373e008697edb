"""The student kit of the real course: what is in it, what is not, and that it works by itself."""

from __future__ import annotations

import ast
import json
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.bench import Bench
from grader.grade import Given, grade_one
from grader.jobs import Terms
from grader.model import Grade, SourceFile, Submission
from grader.problem import load_problem, open_course, variants
from grader.sandbox.decoding import Decoder
from tests import lent
from tests.conftest import COMMAND, COMMAND_SECONDS, ROOT, Ran, command_line, grade
from tests.kits import RELEASED
from tests.release.conftest import everything

pytestmark = pytest.mark.slow

COURSE = open_course(ROOT)
# What a shorter line says, such as `import torch` or `return x`, nobody has from a solution.
LEAST = 30


class Functions:
    """The test functions of a problem's checks, by their source: public ones and hidden ones."""

    def __init__(self, slug: str) -> None:
        self.public: list[tuple[ast.FunctionDef, str]] = []
        self.hidden: list[tuple[ast.FunctionDef, str]] = []
        for path in sorted((ROOT / "problems" / slug / "checks").glob("test_*.py")):
            source = path.read_text(encoding="utf-8")
            for node in ast.parse(source).body:
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    public = any("mark.public" in ast.unparse(each) for each in node.decorator_list)
                    first = min(node.lineno, *(each.lineno for each in node.decorator_list))
                    text = "\n".join(source.splitlines()[first - 1 : node.end_lineno])
                    (self.public if public else self.hidden).append((node, text))


def lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if len(line.strip()) >= LEAST}


# -- what is not in it ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(kit: Path) -> dict[str, str]:
    return everything(kit)


@pytest.fixture(scope="module")
def told() -> str:
    """What students are told in any case: public checks, statements, stubs."""
    texts = [text for slug in RELEASED for _, text in Functions(slug).public]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "problems").glob("*/st*.*")]
    return "\n".join(texts)


@pytest.mark.parametrize("slug", RELEASED)
def test_nothing_of_hidden_checks_is_anywhere(slug: str, files: dict[str, str], told: str) -> None:
    """Neither name, title nor hint of a hidden check, nor a line of it, in any file; inside the wheel neither."""
    hidden = Functions(slug).hidden
    assert hidden
    everywhere = "\n".join(files.values())
    for node, text in hidden:
        calls = [each for each in node.decorator_list if isinstance(each, ast.Call)]
        hints = [each for each in calls if "mark.hint" in ast.unparse(each.func)]
        words = {ast.get_docstring(node), node.name, *(ast.literal_eval(each.args[0]) for each in hints)}
        own = [line for line in lines(text) if not line.startswith("@pytest.mark.")]
        for word in [*filter(None, words), *own]:
            # A whole word: the name of a hidden check may be the beginning of a public one's.
            if word not in told and word in everywhere:
                assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", everywhere), f"{word!r} of {node.name}"


@pytest.mark.parametrize("slug", RELEASED)
def test_no_helper_or_constant_of_hidden_checks_alone_is_there(slug: str, kit: Path) -> None:
    """A top-level name stays only if a public check, or what that uses, speaks of it."""
    for path in sorted((kit / "problems" / slug / "checks").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        bound = {
            name: node
            for node in tree.body
            for name in (
                [node.name]
                if isinstance(node, (ast.FunctionDef, ast.ClassDef))
                else [
                    each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
                ]
                if isinstance(node, ast.Assign)
                else []
            )
        }
        for name, node in bound.items():
            others = [ast.unparse(other) for other in tree.body if other is not node]
            used = any(re.search(rf"\b{re.escape(name)}\b", text) for text in others)
            assert used or name.startswith("test_") or name == "pytestmark", f"{path.name}: {name}"


@pytest.mark.parametrize("slug", RELEASED)
def test_nothing_of_the_solutions_is_there(slug: str, files: dict[str, str], told: str) -> None:
    own = {path: text for path, text in files.items() if not path.startswith("torchgrade")}
    assert not [path for path in own if "solution" in path or "misconception" in path or "alternative" in path]
    for source in sorted((ROOT / "solutions" / slug).rglob("*.py")):
        for line in lines(source.read_text(encoding="utf-8")):
            if line not in told:
                holders = [path for path, text in own.items() if slug in path and line in text]
                assert not holders, f"{holders[0]} holds {line!r} of {source.name}"


def test_nothing_else_is_there(kit: Path) -> None:
    for path in kit.rglob("*"):
        relative = path.relative_to(kit)
        assert "__pycache__" not in relative.parts
        assert not path.name.startswith((".", "submission"))
    top = {path.name for path in kit.iterdir()}
    assert {name for name in top if not name.endswith(".whl")} == {
        "README.md",
        "requirements.txt",
        "course.yaml",
        "problems",
    }
    assert {path.name for path in (kit / "problems").iterdir()} == set(RELEASED)


def test_recorded_answers_are_plain_values(kit: Path) -> None:
    """The closed codec reads them whole: no pickle, no handle."""

    def no_handle(number: int, name: str) -> None:
        raise AssertionError(name)

    recorded = list(kit.glob("problems/*/reference.answers"))
    assert {path.parent.name for path in recorded} >= {"01-maxpool", "07-convolution-by-hand"} & {*RELEASED}
    for path in recorded:
        Decoder(path.read_bytes(), no_handle).decode()


# -- what it does --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench(stem=lent.stem()) as bench:
        yield bench


def of(grade: Grade) -> list[tuple[str, ...]]:
    return [
        (
            check.id,
            check.title,
            check.visibility,
            check.outcome,
            str(check.max_points),
            check.hint,
            check.idea,
            check.message,
        )
        for check in grade.checks
    ]


@pytest.mark.parametrize("slug", RELEASED)
def test_public_checks_say_the_same_as_in_the_course(slug: str, kit: Path, bench: Bench) -> None:
    wrong = sorted((ROOT / "solutions" / slug / "misconceptions").glob("*.py"))
    known = [ROOT / "solutions" / slug / "solution.py", wrong[0]]
    if lent.EVERYTHING:
        known += [ROOT / "problems" / slug / "stub.py", *wrong[1:]]
    course, own = COURSE.load(slug), load_problem(kit / "problems" / slug, None)
    assert own.hidden is not None
    assert own.hidden.checks == len([check for check in bench.checks(course) if check.visibility == "hidden"])
    for path in known:
        submission = Submission(path.name, SourceFile("submission.py", path.read_bytes()))
        there = grade_one(Given(own, submission, bench), Terms(recognise=False))
        assert of(there) == of(grade_one(Given(course, submission, bench), Terms(public_only=True, recognise=False)))
        assert there.checks


def recognised(slug: str, kit: Path, bench: Bench) -> dict[str, list[str]]:
    """What each known wrong answer is called in the kit, if anything."""
    own = load_problem(kit / "problems" / slug, None)
    named = {}
    for path in variants.paths(ROOT / "solutions" / slug):
        submission = Submission(path.name, SourceFile("submission.py", variants.source(path)))
        named[path.stem] = [found.id for found in grade_one(Given(own, submission, bench)).misconceptions]
    return named


# The release has held each problem's known answers to the same.
RECOGNISED = [("02-conv-bias", 8), *([("06-images-as-tensors", 12)] if lent.EVERYTHING else [])]


@pytest.mark.parametrize(("slug", "least"), RECOGNISED)
def test_misconceptions_are_recognised_and_none_falsely(slug: str, least: int, kit: Path, bench: Bench) -> None:
    named = recognised(slug, kit, bench)
    assert {name: found for name, found in named.items() if found not in ([], [variants.misconception_of(name)])} == {}
    assert len([name for name, found in named.items() if found]) >= least


def test_a_recognised_misconception_is_told(own_kit: Path) -> None:
    path = ROOT / "solutions" / "02-conv-bias" / "misconceptions" / "no_bias.py"
    ran = grade("02", "--submission", path, "--json", "-", cwd=own_kit)
    (found,) = json.loads(ran.out)["misconceptions"]
    assert found["id"] == "no_bias"
    assert found["title"] in path.read_text(encoding="utf-8")
    assert found["advice"]
    (own_kit / "problems" / "02-conv-bias" / "mistakes.sealed").write_bytes(b"damaged")
    assert json.loads(grade("02", "--submission", path, "--json", "-", cwd=own_kit).out)["misconceptions"] == []


def test_nothing_of_a_misconception_can_be_read(kit: Path) -> None:
    for slug in RELEASED:
        held = (kit / "problems" / slug / "mistakes.sealed").read_bytes()
        for path in (ROOT / "solutions" / slug / "misconceptions").glob("*.py"):
            title = (ast.get_docstring(ast.parse(path.read_bytes())) or "").split("\n")[0]
            assert path.stem.encode() not in held
            assert title.encode() not in held


def test_hidden_checks_are_announced(own_kit: Path) -> None:
    hidden = Functions("02-conv-bias").hidden
    said = f"{len(hidden)} hidden checks, worth 7 points, wait for your submission."
    first = grade("02", "--html", "report.html", cwd=own_kit)
    assert first.code == 1
    assert "now holds the stub" in first.err
    assert said in first.out
    assert said in (own_kit / "report.html").read_text(encoding="utf-8")
    solution = ROOT / "solutions" / "02-conv-bias" / "solution.py"
    full = grade("02", "--submission", solution, "--json", "result.json", cwd=own_kit)
    assert full.code == 0
    assert said in full.out
    assert "Only the public checks were run" not in full.out
    result = json.loads((own_kit / "result.json").read_bytes())
    assert (result["schema"], result["score"], result["max_score"]) == (1, 3, 3)


def test_a_kit_is_worked_in_by_start_and_watch(own_kit: Path) -> None:
    begun = grade("start", "01", cwd=own_kit)
    assert begun.code == 0
    work = own_kit / "problems" / "01-maxpool" / "submission.py"
    process = subprocess.Popen(
        command_line("watch", "01", program=lent.borrowing(COMMAND)), cwd=own_kit, pass_fds=lent.descriptors(),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert "Not written yet" in _until(process.stdout, "Ctrl-C ends")
        work.write_bytes((ROOT / "solutions" / "01-maxpool" / "solution.py").read_bytes())
        said = _until(process.stdout, "Ctrl-C ends")
        assert re.search(r"([\d.]+) of \1 points", said)
        assert "wait for your submission" in said
        process.send_signal(signal.SIGINT)
        assert process.wait(COMMAND_SECONDS) == 0
    finally:
        process.kill()
        process.communicate()


def _until(stream: Iterator[str], end: str) -> str:
    said = ""
    for line in stream:
        said += line
        if end in line:
            break
    return said


def test_a_kit_cannot_be_verified_or_released_from(kit: Path) -> None:
    for words in (["verify"], ["release", "again"]):
        ran = grade(*words, cwd=kit)
        assert ran.code == 2
        assert "has no solutions/" in ran.err


@pytest.mark.slow
def test_the_kit_brings_its_own_grader(own_kit: Path, tmp_path: Path) -> None:
    """The wheel installs without a network and without anything but itself, and grades."""
    (wheel,) = own_kit.glob("*.whl")
    assert f"./{wheel.name}" in (own_kit / "requirements.txt").read_text()
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--target", tmp_path / "installed", wheel], check=True, timeout=COMMAND_SECONDS)
    program = f"import sys; sys.path.insert(0, {str(tmp_path / 'installed')!r})\n"
    program += "import grader; print(grader.__file__, file=sys.stderr)\nfrom grader.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", program, "02"], cwd=own_kit, capture_output=True, text=True, timeout=COMMAND_SECONDS
    )
    assert str(tmp_path / "installed") in ran.stderr
    assert "wait for your submission" in ran.stdout


@pytest.mark.slow
def test_a_notebook_tells_of_hidden_checks(own_kit: Path) -> None:
    from tests.notebook.test_extension import SOLUTION, report, run

    html, text = report(run(own_kit, "%load_ext grader", SOLUTION, "%grade 02"))
    for said in (html, text):
        assert "hidden checks, worth 7 points, wait for your submission." in said


# -- where it is written -------------------------------------------------------------------------


def test_what_is_there_is_never_written_over(small: Callable[..., Path], tmp_path: Path) -> None:
    course = small()
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine.txt").write_text("mine")
    (tmp_path / "taken.zip").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for out in ("taken", "taken.zip", "link", "taken/mine.txt"):
        ran = grade("release", tmp_path / out, cwd=course)
        assert ran.code == 2, out
        assert "is left as it is" in ran.err
    assert [path.name for path in taken.iterdir()] == ["mine.txt"]
    assert (tmp_path / "taken.zip").read_text() == "mine"
    ran = grade("release", tmp_path / "no" / "such" / "folder", cwd=course)
    assert ran.code == 2
    assert "cannot be written" in ran.err


def test_a_zip_is_the_same_to_the_byte_and_unpacks_to_the_folder(
    small: Callable[..., Path], released: Path, tmp_path: Path
) -> None:
    course = small()
    for out in ("one.zip", "two.zip"):
        ran = grade("release", tmp_path / out, cwd=course)
        assert ran.code == 0, ran.err
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    assert everything(tmp_path / "unpacked") == everything(released)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


# -- what cannot be released ---------------------------------------------------------------------

UNFIT = [
    pytest.param(
        '''
@pytest.mark.public
def test_layer(submission, reference):
    """A layer."""
    assert reference.build_conv(SMALL, torch.ones(1)).bias is not None
''',
        [
            "02-conv-bias/checks/test_conv_bias.py::test_layer",
            "reference.build_conv returns",
            "a Conv2d is not a plain",
        ],
        id="answer-that-is-a-module",
    ),
    pytest.param(
        '''
@pytest.mark.parametrize("size", [1, pytest.param(2, marks=pytest.mark.public)])
def test_both(size, submission):
    """Both."""
''',
        ["test_conv_bias.py, line", "test_both holds public and hidden checks in one"],
        id="public-and-hidden-in-one",
    ),
    pytest.param(
        '''
@pytest.mark.public
def test_caller(submission, reference):
    """Calls."""
    test_unseen(submission, reference)
''',
        ["a public check uses test_unseen, which is a hidden one"],
        id="public-uses-hidden",
    ),
    pytest.param(
        '''
@pytest.mark.public
def test_chatty(submission):
    """Talks."""
    # Unlike test_unseen, of a small one.
    submission.build_conv(SMALL, torch.ones(1))
''',
        ["test_conv_bias.py", "tells of the hidden check", "test_unseen"],
        id="comment-names-a-hidden-one",
    ),
    pytest.param(
        '''
@pytest.mark.public
def test_gradient(submission, reference):
    """The reference's own graph."""
    image = torch.ones(3, 3, requires_grad=True)
    reference.conv_with_bias(image, SMALL, torch.ones(1)).sum().backward()
    assert image.grad is not None
''',
        ["test_conv_bias.py::test_gradient: with solution.py it is passed in the course", "in the kit"],
        id="more-than-an-answer-is-used",
    ),
    pytest.param(
        '''
@pytest.mark.public
def test_digits(submission, reference, dataset):
    """Of a data set."""
''',
        ["test_conv_bias.py::test_digits: asks the reference about the data set"],
        id="reference-and-data-set",
    ),
]


@pytest.mark.parametrize(("more", "phrases"), UNFIT)
def test_unfit_for_a_kit(more: str, phrases: list[str], small: Callable[..., Path], tmp_path: Path) -> None:
    ran = grade("release", tmp_path / "out", cwd=small(more))
    assert ran.code == 2, ran.out
    for phrase in phrases:
        assert phrase in " ".join(ran.err.split())
    assert "Traceback" not in ran.err
    assert not (tmp_path / "out").exists()


def checks_of(kit: Path) -> Path:
    return kit / "problems" / "02-conv-bias" / "checks" / "test_conv_bias.py"


def graded_there(kit: Path) -> Ran:
    return grade("02", "--submission", ROOT / "solutions" / "02-conv-bias" / "solution.py", cwd=kit)


def test_secrets_of_a_small_course_stay_there(released: Path) -> None:
    """Constants, comments, imports, the file's docstring."""
    text = checks_of(released).read_text(encoding="utf-8")
    for secret in ("SECRET", "271828", "314159", "math", "How the checks", "unseen", "larger", "assert_equal", "sys"):
        assert secret not in text, secret
    assert '"Corners"' in text
    assert graded_there(released).code == 0


def test_a_question_that_nobody_recorded_is_no_fault_of_the_student(small_kit: Path) -> None:
    checks = checks_of(small_kit)
    checks.write_text(checks.read_text(encoding="utf-8").replace("(4, 4)", "(5, 5)"), encoding="utf-8")
    ran = graded_there(small_kit)
    assert ran.code == 2
    assert "test_conv_bias.py::test_seen: asks reference.conv_with_bias" in ran.err


def test_random_inputs_are_those_of_the_release(small_kit: Path) -> None:
    """A normal draw may differ in its last digit on another machine, here in all of them: the recorded one counts."""
    checks = checks_of(small_kit)
    other = "    draw.generator.manual_seed(1)\n    image = draw"
    checks.write_text(checks.read_text(encoding="utf-8").replace("    image = draw", other), encoding="utf-8")
    assert graded_there(small_kit).code == 0


DIGITS = """
@pytest.mark.public
def test_digits(submission, dataset):
    \"\"\"Two digits are convolved.\"\"\"
    for digit in dataset.train_images[:2].float():
        assert_equal(submission.conv_with_bias(digit, SMALL, torch.ones(1)).shape, (1, 1, 26, 26))
"""


def test_public_checks_on_the_digits_work_there(small: Callable[..., Path], tmp_path: Path) -> None:
    course, out = small(DIGITS), tmp_path / "out"
    with (course / "problems" / "02-conv-bias" / "problem.yaml").open("a") as file:
        file.write("\ndata: mnist\n")
    assert grade("release", out, cwd=course).code == 0
    ran = grade("02", "--submission", ROOT / "solutions" / "02-conv-bias" / "solution.py", "--json", "-", cwd=out)
    assert ran.code == 0, ran.err
    assert ran.json["data"] in ("mnist", "drawn")
    assert len(ran.json["checks"]) == 2


def test_what_only_a_kit_may_say(small: Callable[..., Path]) -> None:
    course = small()
    with (course / "problems" / "02-conv-bias" / "problem.yaml").open("a") as file:
        file.write("\nhidden: {checks: 3, points: 5}\n")
    ran = grade("02", cwd=course)
    assert ran.code == 2
    assert "hidden: only a student kit has this key" in ran.err


def test_a_damaged_file_of_answers_is_told(small_kit: Path) -> None:
    answers = small_kit / "problems" / "02-conv-bias" / "reference.answers"
    before = load_problem(answers.parent, None).version
    answers.write_bytes(answers.read_bytes()[:-1])
    assert load_problem(answers.parent, None).version != before
    ran = grade("02", cwd=small_kit)
    assert ran.code == 2
    assert "reference.answers: is damaged" in ran.err


def test_a_problem_without_public_checks(small: Callable[..., Path], tmp_path: Path) -> None:
    course = small()
    checks = course / "problems" / "02-conv-bias" / "checks" / "test_conv_bias.py"
    checks.write_text(checks.read_text().replace("@pytest.mark.public\n", ""))
    ran = grade("release", tmp_path / "out", cwd=course)
    assert ran.code == 2
    assert "02-conv-bias has no public check" in ran.err
