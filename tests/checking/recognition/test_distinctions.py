"""Recognition by transcripts: agreement everywhere the mistake shows, and not one contradiction."""

from __future__ import annotations

import pytest
import torch

from grader.checking.recognition.distinctions import Distinctions, recognise
from grader.checking.session.transcript import TranscriptEntry


def entry(value: object, *, function: str = "f", question: object = 1, kind: str = "value") -> TranscriptEntry:
    return TranscriptEntry(function, ("call", question), kind, value)


REFERENCE = {"a": [entry(1), entry(10, question=2)], "b": [entry(torch.ones(3), question=3)]}
WRONG = {"a": [entry(2), entry(10, question=2)], "b": [entry(torch.zeros(3), question=3)]}


def test_the_same_wrong_answers_are_recognised() -> None:
    assert recognise(WRONG, REFERENCE, {"wrong": WRONG}) == ["wrong"]


def test_right_answers_are_no_misconception() -> None:
    assert recognise(REFERENCE, REFERENCE, {"wrong": WRONG}) == []


def test_one_contradiction_is_enough() -> None:
    mixed = {"a": WRONG["a"], "b": [entry(torch.full((3,), 0.5), question=3)]}
    assert recognise(mixed, REFERENCE, {"wrong": WRONG}) == []


def test_an_error_elsewhere_in_the_same_function_is_a_contradiction() -> None:
    other = {"a": [entry(2), entry(99, question=2)], "b": WRONG["b"]}
    assert recognise(other, REFERENCE, {"wrong": WRONG}) == []


def test_an_error_in_another_function_is_none() -> None:
    reference = {**REFERENCE, "c": [entry(5, function="g")]}
    student = {**WRONG, "c": [entry(6, function="g")]}
    known = {**WRONG, "c": [entry(5, function="g")]}
    assert recognise(student, reference, {"wrong": known}) == ["wrong"]


def test_what_shows_at_fewer_of_the_same_places_adds_nothing() -> None:
    part = {"a": REFERENCE["a"], "b": WRONG["b"]}
    whole = {"a": [entry(2, function="h"), entry(10, question=2)], "b": WRONG["b"]}
    reference = {"a": [entry(1, function="h"), entry(10, question=2)], "b": REFERENCE["b"]}
    narrow = {"a": reference["a"], "b": part["b"]}
    assert recognise(whole, reference, {"narrow": narrow, "whole": whole}) == ["whole"]


def test_lost_answers_are_evidence_for_nothing() -> None:
    lost = {
        check: [TranscriptEntry(e.function, e.question, "lost", None) for e in entries]
        for check, entries in WRONG.items()
    }
    assert recognise(lost, REFERENCE, {"wrong": lost}) == []


def test_a_single_shared_exception_is_too_little() -> None:
    raised = {"a": [entry(("TypeError", "no"), kind="raised")]}
    assert recognise(raised, {"a": [entry(1)]}, {"wrong": raised}) == []
    twice = {"a": [entry(("TypeError", "no"), kind="raised"), entry(("TypeError", "no"), question=2, kind="raised")]}
    assert recognise(twice, {"a": [entry(1), entry(2, question=2)]}, {"wrong": twice}) == ["wrong"]


@pytest.mark.parametrize(
    ("message", "fits"),
    [
        ("shape '[64, -1]' is invalid for input of size 320", True),
        ("shape '[32, 64]' is invalid for input of size 1.5e3", True),
        ("shape '[32, -1, 1]' is invalid for input of size 64", False),
        ("mat1 and mat2 shapes cannot be multiplied (1x64 and 32x20)", False),
    ],
)
def test_numbers_of_an_exception_do_not_decide(message: str, fits: bool) -> None:
    def raising(text: str) -> dict[str, list[TranscriptEntry]]:
        return {"a": [entry(("RuntimeError", text), question=n, kind="raised") for n in (1, 2)]}

    known = raising("shape '[32, -1]' is invalid for input of size 64")
    found = recognise(raising(message), {"a": [entry(1), entry(2, question=2)]}, {"wrong": known})
    assert found == (["wrong"] if fits else [])


def test_names_in_an_exception_do_not_decide() -> None:
    def raising(name: str) -> dict[str, list[TranscriptEntry]]:
        text = f"'tuple' object has no attribute '{name}'"
        return {"a": [entry(("AttributeError", text), question=n, kind="raised") for n in (1, 2)]}

    reference = {"a": [entry(1), entry(2, question=2)]}
    assert recognise(raising("image"), reference, {"wrong": raising("x")}) == ["wrong"]


# -- a mistake that can be made in several functions ----------------------------------------------

_F = {"a": [entry(1), entry(2, question=2), entry(3, question=3)]}
_G = {"b": [entry(5, function="g"), entry(6, function="g", question=2)]}
_WRONG_F = {"a": [entry(7), entry(8, question=2), entry(3, question=3)]}
_WRONG_G = {"b": [entry(9, function="g"), entry(9, function="g", question=2)]}
_OTHER_G = {"b": [entry(0, function="g"), entry(0, function="g", question=2)]}
BOTH = {**_WRONG_F, **_WRONG_G}


def test_a_mistake_made_in_one_of_its_functions_is_recognised() -> None:
    assert recognise(_WRONG_F | _G, _F | _G, {"both": BOTH}) == ["both"]
    assert recognise(_WRONG_F | _OTHER_G, _F | _G, {"both": BOTH}) == ["both"], "what is wrong in g is another mistake"


def test_one_value_is_too_little_for_a_part() -> None:
    once = {"a": [entry(7), entry(2, question=2), entry(3, question=3)], **_WRONG_G}
    assert recognise({"a": once["a"], **_G}, _F | _G, {"both": once}) == []


def test_what_explains_everything_goes_before_what_explains_a_part() -> None:
    known = {"both": BOTH, "only_f": _WRONG_F | _G}
    assert recognise(_WRONG_F | _G, _F | _G, known) == ["only_f"]
    assert recognise(BOTH, _F | _G, known) == ["both"]


def test_between_two_that_fit_alike_in_part_none_is_chosen() -> None:
    known = {"both": BOTH, "other": _WRONG_F | _OTHER_G}
    assert recognise(_WRONG_F | _G, _F | _G, known) == []


def test_yes_and_no_are_too_little_for_a_part() -> None:
    """Whatever is wrong with two ways of computing something: they do not match."""
    right = {"a": [entry(True), entry(True, question=2), entry(("handle", "list"), question=3)]}
    wrong = {"a": [entry(False), entry(False, question=2), entry(("handle", "dict"), question=3)]}
    assert recognise(wrong | _G, right | _G, {"both": wrong | _WRONG_G}) == []


def test_asking_for_a_gradient_is_too_little_for_a_part() -> None:
    """Where it is free whether a result does, a right answer may agree with a frozen layer in that alone."""
    right = {"a": [entry(torch.ones(2).requires_grad_(), question=question) for question in (1, 2)]}
    frozen = {"a": [entry(torch.ones(2), question=question) for question in (1, 2)]}
    assert recognise(frozen | _OTHER_G, right | _G, {"both": frozen | _WRONG_G}) == []


def test_several_students_are_told_apart() -> None:
    distinctions = Distinctions(REFERENCE, {"wrong": WRONG})
    for _ in range(2):
        assert distinctions.recognise(WRONG) == ["wrong"]
        assert distinctions.recognise(REFERENCE) == []
        assert distinctions.recognise({"a": WRONG["a"], "b": REFERENCE["b"]}) == []
