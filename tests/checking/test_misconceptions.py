"""Recognition by transcripts: agreement everywhere the mistake shows, and not one contradiction."""

from __future__ import annotations

import torch

from grader.checking.examination import Entry
from grader.checking.misconceptions import recognise


def entry(value: object, *, function: str = "f", question: object = 1, kind: str = "value") -> Entry:
    return Entry(function, ("call", question), kind, value)


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
    lost = {check: [Entry(e.function, e.question, "lost", None) for e in entries] for check, entries in WRONG.items()}
    assert recognise(lost, REFERENCE, {"wrong": lost}) == []


def test_a_single_shared_exception_is_too_little() -> None:
    raised = {"a": [entry(("TypeError", "no"), kind="raised")]}
    assert recognise(raised, {"a": [entry(1)]}, {"wrong": raised}) == []
    twice = {"a": [entry(("TypeError", "no"), kind="raised"), entry(("TypeError", "no"), question=2, kind="raised")]}
    assert recognise(twice, {"a": [entry(1), entry(2, question=2)]}, {"wrong": twice}) == ["wrong"]
