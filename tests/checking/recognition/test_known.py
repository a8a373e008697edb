"""Transcripts of known wrong answers are kept between runs, and a damaged file is found out anew."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import torch

from grader import sources
from grader.checking.recognition.known import KnownAnswers
from grader.checking.recognition.sameness import same
from grader.checking.session.transcript import Transcript, TranscriptEntry
from grader.problem import open_course
from tests.conftest import ROOT

PROBLEM = open_course(ROOT).load("02-conv-bias")


class Transcriber:
    """Counts how often it is asked; its answers hold what answers can hold."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, path: Path) -> Transcript:
        self.asked += 1
        value = (torch.tensor([1.5, 2.5]).requires_grad_(), [1, None], {"a": ("handle", "torch.nn.Conv2d")}, path.stem)
        return {"test_a.py::test_b": [TranscriptEntry("f", ("call", False, ("f", (1,), {})), "value", value)]}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_what_was_found_out_is_kept(cache: Path) -> None:
    first, second = Transcriber(), Transcriber()
    found = KnownAnswers(PROBLEM, None, first).transcripts()
    kept = KnownAnswers(PROBLEM, None, second).transcripts()
    assert first.asked == len(found[1]) + 1
    assert second.asked == 0
    assert kept[1].keys() == found[1].keys()
    for name, transcript in found[1].items():
        for check, entries in transcript.items():
            assert same([e.value for e in entries], [e.value for e in kept[1][name][check]])


@pytest.mark.parametrize(
    "damage", [b"", b"\x00", b"\x81\xabtranscripts\x81\xa0\x81\xa1c\xc4\x01X"], ids=["empty", "zero", "other"]
)
def test_a_damaged_file_is_found_out_anew(damage: bytes, cache: Path) -> None:
    KnownAnswers(PROBLEM, None, Transcriber()).transcripts()
    (file,) = (path for path in cache.rglob("*") if path.is_file())
    file.write_bytes(damage)
    again = Transcriber()
    KnownAnswers(PROBLEM, None, again).transcripts()
    assert again.asked > 0


def test_another_data_set_is_another_file(cache: Path) -> None:
    KnownAnswers(PROBLEM, "mnist", Transcriber()).transcripts()
    other = Transcriber()
    KnownAnswers(PROBLEM, "drawn", other).transcripts()
    assert other.asked > 0


def test_after_an_update_of_the_grader_it_is_found_out_anew(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    KnownAnswers(PROBLEM, None, Transcriber()).transcripts()
    monkeypatch.setattr(sources, "grading", lambda: "other")
    other = Transcriber()
    KnownAnswers(PROBLEM, None, other).transcripts()
    assert other.asked > 0


def test_what_nobody_asked_for_in_a_month_is_removed(cache: Path) -> None:
    KnownAnswers(PROBLEM, None, Transcriber()).transcripts()
    (old,) = (path for path in cache.rglob("*") if path.is_file())
    os.utime(old, (0, 0))
    KnownAnswers(PROBLEM, "mnist", Transcriber()).transcripts()
    (new,) = (path for path in cache.rglob("*") if path.is_file())
    assert new != old


def test_a_cache_that_cannot_be_written_costs_no_grade(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    assert KnownAnswers(PROBLEM, None, Transcriber()).transcripts()[1]


def test_what_is_as_in_the_reference_is_kept_once(cache: Path) -> None:
    """A misconception about training answers most checks rightly, with megabytes of parameters each time."""
    right = torch.rand(250_000)

    def transcribe(path: Path) -> Transcript:
        mistaken = 0.5 if "misconceptions" in path.parts else 1.0
        asked = torch.rand(250_000, generator=torch.Generator().manual_seed(1))
        question: tuple[Any, ...] = ("call", False, ("f", (asked,), {}))
        values = right.clone(), torch.tensor(mistaken)
        return {"test_a.py::test_b": [TranscriptEntry("f", question, "value", value) for value in values]}

    found = KnownAnswers(PROBLEM, None, transcribe).transcripts()
    (file,) = (path for path in cache.rglob("*") if path.is_file())
    assert file.stat().st_size < 4_000_000 < len(found[1]) * right.nbytes
    reference, known = KnownAnswers(PROBLEM, None, Transcriber()).transcripts()
    for transcript in known.values():
        (whole, other), (mine, mistaken) = reference["test_a.py::test_b"], transcript["test_a.py::test_b"]
        assert mine.value is whole.value
        assert (other.value, mistaken.value) == (1.0, 0.5)
