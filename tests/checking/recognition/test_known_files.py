"""What a course keeps beside its solutions counts where it was made of the same files, and nowhere else."""

from __future__ import annotations

import platform
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import torch

from grader.checking.recognition import codec, known_files
from grader.checking.recognition.known import KnownAnswers
from grader.checking.session.transcript import Transcript, TranscriptEntry
from grader.model import Problem
from grader.problem import open_course, variants
from grader.problem.load import known_answers_name
from tests.conftest import ROOT

CHECK = "test_a.py::test_b"
DATA = {"05-mnist-cnn": "drawn"}


def entry(value: object, asked: int = 1, kind: str = "value") -> TranscriptEntry:
    return TranscriptEntry("f", ("call", False, ("f", (asked,), {})), kind, value)


REFERENCE: Transcript = {CHECK: [entry(torch.tensor([1.0, 2.0]))]}
RAISED = {CHECK: [entry(("TypeError", "not this"), kind="raised")]}


def transcripts(problem: Problem) -> dict[str, Transcript]:
    names = [path.stem for path in variants.paths(Path(problem.solution_folder or ""))]
    return {name: RAISED if name == names[0] else {CHECK: [entry(torch.tensor([3.0, 2.0]))]} for name in names}


@pytest.fixture
def problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Problem:
    """A problem of its own, whose known answers were kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for kind in ("problems", "solutions"):
        shutil.copytree(ROOT / kind / "02-conv-bias", tmp_path / kind / "02-conv-bias")
    problem = open_course(tmp_path).load("02-conv-bias")
    content = known_files.content(problem, REFERENCE, transcripts(problem))
    assert content is not None
    file_of(problem).write_bytes(content)
    return problem


class Transcriber:
    """Remembers for which files it was asked."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.asked: list[Path] = []

    def __call__(self, path: Path) -> Transcript:
        self.asked.append(path)
        return self.transcript


def file_of(problem: Problem) -> Path:
    path = known_files.path_for(problem, None)
    assert path is not None
    return path


def test_what_was_kept_is_read(problem: Problem) -> None:
    found = known_files.read(problem, None)
    assert found is not None
    assert found.raising == frozenset()
    assert known_files.alike({"": found.reference, **found.known}, {"": REFERENCE, **transcripts(problem)})


def test_it_is_no_part_of_the_problem_that_it_is_made_of(problem: Problem) -> None:
    file_of(problem).unlink()
    assert open_course(Path(problem.folder).parents[1]).load(problem.slug).version == problem.version


def _changed(name: str) -> Callable[[Problem], None]:
    def change(problem: Problem) -> None:
        path = Path(problem.folder).parents[1] / name
        path.write_bytes(path.read_bytes() + b"\n# another line\n")

    return change


def _rewritten(change: Callable[[dict], None]) -> Callable[[Problem], None]:
    def rewrite(problem: Problem) -> None:
        said = msgspec.msgpack.decode(file_of(problem).read_bytes())
        change(said)
        file_of(problem).write_bytes(msgspec.msgpack.encode(said))

    return rewrite


STALE = {
    "another check": _changed("problems/02-conv-bias/checks/test_conv_bias.py"),
    "another solution": _changed("solutions/02-conv-bias/solution.py"),
    "another misconception": _changed("solutions/02-conv-bias/misconceptions/no_bias.py"),
    "other limits": _changed("problems/02-conv-bias/problem.yaml"),
    "another torch": _rewritten(lambda said: said.update(torch="1.0")),
    "another format": _rewritten(lambda said: said.update(format=codec.FORMAT + 1)),
    "nothing in it": _rewritten(lambda said: said.update(transcripts=b"")),
    "cut short": _rewritten(lambda said: said.update(transcripts=said["transcripts"][:-9])),
    "a bomb": _rewritten(lambda said: said.update(transcripts=zlib.compress(bytes(80 << 20), 9))),
    "no transcripts": _rewritten(lambda said: said.update(transcripts=zlib.compress(b"\x80"))),
    "no file of ours": lambda problem: file_of(problem).write_bytes(b"\x00"),
    "a folder": lambda problem: (
        file_of(problem).rename(file_of(problem).with_suffix(".old")).parent.joinpath(file_of(problem).name).mkdir()
    ),
    "no file": lambda problem: file_of(problem).unlink(),
}


@pytest.mark.parametrize("change", STALE.values(), ids=STALE.keys())
def test_what_does_not_count_is_as_good_as_missing(change: Callable[[Problem], None], problem: Problem) -> None:
    change(problem)
    transcribe = Transcriber(REFERENCE)
    KnownAnswers(problem, None, transcribe).distinctions(REFERENCE)
    assert known_files.read(problem, None) is None
    assert len(transcribe.asked) == len(transcripts(problem)) + 1


def test_line_ends_make_no_difference(problem: Problem) -> None:
    for kind in (problem.folder, problem.solution_folder):
        for path in Path(str(kind)).rglob("*.*"):
            if path.suffix in (".py", ".yaml"):
                path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert known_files.read(problem, None) is not None


def test_another_python_finds_out_again_who_raises(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "python_version", lambda: "3.99.1")
    transcribe = Transcriber(RAISED)
    KnownAnswers(problem, None, transcribe).distinctions(REFERENCE)
    assert [path.stem for path in transcribe.asked] == sorted(transcripts(problem))[:1]


OTHERS = {
    "another number": {CHECK: [entry(0, asked=2)]},
    "another function": {CHECK: [TranscriptEntry("g", ("call", False, ("f", (1,), {})), "value", 0)]},
}


@pytest.mark.parametrize("student", OTHERS.values(), ids=OTHERS.keys())
def test_checks_that_begin_otherwise_are_others(student: Transcript, problem: Problem) -> None:
    """The grader may have changed since, in what it draws or how it asks; no answer has a part in that."""
    transcribe = Transcriber(REFERENCE)
    KnownAnswers(problem, None, transcribe).distinctions(student)
    assert len(transcribe.asked) == len(transcripts(problem)) + 1


def test_only_what_has_changed_is_to_be_written(problem: Problem) -> None:
    def transcribe(path: Path) -> Transcript:
        if path.name == "solution.py":
            return {CHECK: [entry(torch.tensor([1.0, 2.0 + 1e-7]))]}
        return transcripts(problem)[path.stem]

    same = KnownAnswers(problem, None, transcribe)
    same.settle(anew=True)
    assert same.to_keep() == b""
    file_of(problem).unlink()
    assert same.to_keep() != b""


@pytest.mark.parametrize("slug", open_course(ROOT).slugs)
def test_the_courses_own_count(slug: str) -> None:
    pinned = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line)
    if pinned["torch"].split(".")[:2] != torch.__version__.split(".")[:2]:
        pytest.skip(f"this is torch {torch.__version__}")
    problem = open_course(ROOT).load(slug)
    found = known_files.read(problem, DATA.get(slug))
    assert found is not None, f"grade verify {slug} writes {known_answers_name(DATA.get(slug))}: keep that"
    assert found.known.keys() == {path.stem for path in variants.paths(Path(problem.solution_folder or ""))}
