"""What a kit holds of misconceptions opens for who makes the mistake, and for nobody else."""

from __future__ import annotations

import msgspec
import pytest
import torch

from grader.checking.recognition import sealed
from grader.checking.recognition.canon import Canon
from grader.checking.recognition.sealed import open_sealed, seal
from grader.checking.session.transcript import Transcript, TranscriptEntry
from grader.model import Misconception


def said(**functions: object) -> Transcript:
    """One check for each function, in which it replied this."""
    return {f"test_a.py::test_{name}": [reply(name, value)] for name, value in functions.items()}


def reply(function: str, value: object) -> TranscriptEntry:
    kind = "raised" if isinstance(value, tuple) and value and str(value[0]).endswith("Error") else "value"
    return TranscriptEntry(function, ("call", False, (function, (1,), {})), "lost" if value is ... else kind, value)


RIGHT = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
DOUBLED = 2.1 * RIGHT
REFERENCE = said(f=RIGHT, g=7, h=True)


def words(*names: str) -> dict[str, Misconception]:
    return {name: Misconception(name, f"The title of {name}", "What to do about it.") for name in names}


def sealing(**known: Transcript) -> bytes:
    return seal("01-x", REFERENCE, known, words(*known))


def opened(content: bytes, student: Transcript) -> list[str]:
    return [found.id for found in open_sealed("01-x", content, student)]


ONE = sealing(doubled=said(f=DOUBLED, g=7, h=True))
STUDENTS = {
    "the same": (said(f=DOUBLED, g=7, h=True), True),
    "rounded otherwise": (said(f=DOUBLED * (1 + 2e-7), g=7, h=True), True),
    "other functions are wrong in their own way": (said(f=DOUBLED, g=9, h=False), True),
    "other functions raise": (said(f=DOUBLED, g=("TypeError", "no")), True),
    "one number more": (said(f=DOUBLED + torch.tensor([[0.0, 0.0], [0.0, 0.1]]), g=7, h=True), False),
    "right": (REFERENCE, False),
    "another shape": (said(f=DOUBLED[None], g=7, h=True), False),
    "another type": (said(f=DOUBLED.double(), g=7, h=True), False),
    "a list": (said(f=DOUBLED.tolist(), g=7, h=True), False),
    "gradients asked for": (said(f=DOUBLED.clone().requires_grad_(), g=7, h=True), False),
    "not a number": (said(f=DOUBLED * float("nan"), g=7, h=True), False),
    "never reached": (said(g=7, h=True), False),
    "lost": (said(f=..., g=7, h=True), False),
    "called once more": ({**said(f=DOUBLED, g=7), "test_b.py::test_b": [reply("f", RIGHT)]}, False),
    "nothing": ({}, False),
}


@pytest.mark.parametrize(("student", "opens"), STUDENTS.values(), ids=STUDENTS.keys())
def test_who_opens_a_seal(student: Transcript, opens: bool) -> None:
    assert opened(ONE, student) == (["doubled"] if opens else [])


def test_what_is_opened_is_told_whole() -> None:
    (found,) = open_sealed("01-x", ONE, said(f=DOUBLED, g=7, h=True))
    assert found == words("doubled")["doubled"]


def test_nothing_can_be_read() -> None:
    for word in (b"doubled", b"title", b"What to do"):
        assert word not in ONE
    assert open_sealed("02-y", ONE, said(f=DOUBLED, g=7, h=True)) == []


LEFT_OUT = {
    "a small number is soon guessed": {"one": said(f=RIGHT, g=8, h=True)},
    "yes or no": {"one": said(f=RIGHT, g=7, h=False)},
    "an exception": {"one": said(f=("TypeError", "no"), g=7, h=True)},
    "a single wrong number": {"one": said(f=torch.tensor([[1.0, 2.0], [3.0, 5.0]]), g=7, h=True)},
    "as the reference": {"one": REFERENCE},
    "lost": {"one": {**said(f=DOUBLED), "test_c.py::test_c": [reply("f", ...)]}},
    "two reply alike": {"one": said(f=DOUBLED, g=7, h=True), "two": said(f=DOUBLED, g=7, h=True)},
    "another replies so and is left out": {"one": said(f=DOUBLED, g=7, h=True), "two": said(f=DOUBLED, g=7, h=...)},
}


@pytest.mark.parametrize("known", LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_what_could_be_named_falsely_is_left_out(known: dict[str, Transcript]) -> None:
    assert sealing(**known) == b""


def test_who_is_told_by_more_functions_is_named() -> None:
    narrow, wide = said(f=DOUBLED, g=7, h=True), said(f=DOUBLED, g=123456789, h=True)
    content = sealing(narrow=narrow, wide=wide)
    assert opened(content, narrow) == ["narrow"]
    assert opened(content, wide) == ["wide"]


BOTH = said(f=DOUBLED, g=123456789, h=True)
IN_PART = {
    "in both": (BOTH, True),
    "the other is right": (said(f=DOUBLED, g=7, h=True), True),
    "the other is not written yet": (said(f=("NotImplementedError", ""), g=123456789, h=True), True),
    "in neither": (said(f=RIGHT, g=8, h=True), False),
}


@pytest.mark.parametrize(("student", "opens"), IN_PART.values(), ids=IN_PART.keys())
def test_a_mistake_in_one_function_of_several_is_told_once(student: Transcript, opens: bool) -> None:
    assert opened(sealing(both=BOTH), student) == (["both"] if opens else [])


def test_a_function_that_says_little_has_no_key_of_its_own() -> None:
    content = sealing(one=said(f=DOUBLED, g=8, h=True))
    assert opened(content, said(f=RIGHT, g=8, h=True)) == []
    assert opened(content, said(f=DOUBLED, g=7, h=True)) == ["one"]


def test_the_words_of_an_exception_that_is_asked_for_are_everybodys_own() -> None:
    reference, known, student = (
        said(f=value, g=("ValueError", text))
        for value, text in ((RIGHT, "no such line"), (DOUBLED, "unknown"), (DOUBLED, "what?"))
    )
    content = seal("01-x", reference, {"one": known}, words("one"))
    assert opened(content, student) == ["one"]
    # Who has not written that function yet is told all the same.
    assert opened(content, said(f=DOUBLED, g=("NotImplementedError", ""))) == ["one"]


def test_a_large_number_is_no_coincidence() -> None:
    assert opened(sealing(one=said(f=RIGHT, g=123456789, h=True)), said(f=RIGHT, g=123456789, h=True)) == ["one"]


@pytest.mark.parametrize("content", [b"", b"\x00", b"\x93\x09\x00\x90", ONE[:-3]], ids=["empty", "zero", "new", "cut"])
def test_a_damaged_file_tells_nothing(content: bytes) -> None:
    assert opened(content, said(f=DOUBLED, g=7, h=True)) == []


def test_a_grid_is_chosen_on_which_no_number_is_near_a_border() -> None:
    numbers = torch.rand(300, generator=torch.Generator().manual_seed(1))
    content = sealing(one=said(f=numbers, g=7, h=True))
    grid = msgspec.msgpack.decode(content, type=sealed._File).grid
    canon = Canon(grid)
    canon.add(reply("f", numbers))
    assert canon.room >= 0.004
    for noise in (1e-6, -1e-6):
        assert opened(content, said(f=numbers + noise * numbers.max(), g=7, h=True)) == ["one"]
