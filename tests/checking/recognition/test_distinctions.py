"""Recognition by transcripts: agreement everywhere the mistake shows, and not one contradiction."""

from __future__ import annotations

import pytest
import torch

from grader.checking.recognition.distinctions import Distinctions, recognise
from grader.checking.session.transcript import TranscriptEntry


def entry(value: object, *, function: str = "f", question: object = 1, kind: str = "value") -> TranscriptEntry:
    return TranscriptEntry(function, ("CallFunction", question), kind, value)


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


def test_an_infinite_number_is_no_other() -> None:
    """To multiply infinity with a tolerance gives a tolerance that takes anything."""
    reference = {"a": [entry((750.6, 1.0))], "b": [entry(1.0, question=2)]}
    infinite = {"a": [entry((float("inf"), 1.0))], "b": reference["b"]}
    assert recognise(infinite, reference, {"wrong": infinite}) == ["wrong"]
    assert recognise({**infinite, "a": [entry((3.0, 1.0))]}, reference, {"wrong": infinite}) == []


def test_lost_answers_are_evidence_for_nothing() -> None:
    lost = {
        check: [TranscriptEntry(e.function, e.question, "lost", None) for e in entries]
        for check, entries in WRONG.items()
    }
    assert recognise(lost, REFERENCE, {"wrong": lost}) == []


def test_the_words_of_an_exception_that_is_asked_for_are_everybodys_own() -> None:
    def replies(words: str, answer: bool) -> dict[str, list[TranscriptEntry]]:
        asked = [entry(answer, function="g"), entry(True, function="g", question=2)]
        return {"a": [entry(("ValueError", words), kind="raised")], "b": asked}

    reference, student = replies("unknown", True), replies("there is no such kind", False)
    known = replies("diagonal is none", False)
    assert recognise(student, reference, {"wrong": known}) == ["wrong"]
    other = {**student, "a": [entry(("KeyError", "unknown"), kind="raised")]}
    assert recognise(other, reference, {"wrong": {**known, "b": reference["b"], "a": other["a"]}}) == []


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


def test_sizes_joined_by_an_x_are_numbers_too() -> None:
    words = "mat1 and mat2 shapes cannot be multiplied ({} and 64x20)"
    right = {"a": [entry(1), entry(2, question=2)]}
    mine, known = (
        {"a": [entry(("RuntimeError", words.format(sizes)), question=n, kind="raised") for n in (1, 2)]}
        for sizes in ("64x5", "32x10")
    )
    assert recognise(mine, right, {"wrong": known}) == ["wrong"]


def test_numbers_of_an_exception_go_with_each_other() -> None:
    """One mistake says how many channels came, which differs from call to call; another one always says 1."""

    def raising(channels: tuple[int, int]) -> dict[str, list[TranscriptEntry]]:
        words = "expected input[{}, 1, 4, 4] to have 2 channels"
        replies = [
            entry(("RuntimeError", words.format(c)), question=n, kind="raised") for n, c in enumerate(channels, 1)
        ]
        return {"a": [*replies, entry(3, question=3)]}

    right = {"a": [entry(n, question=n) for n in (1, 2, 3)]}
    assert recognise(raising((2, 3)), right, {"as images": raising((2, 3))}) == ["as images"]
    assert recognise(raising((4, 5)), right, {"as images": raising((2, 3))}) == ["as images"]
    assert recognise(raising((1, 1)), right, {"as images": raising((2, 3))}) == []


def test_two_that_raise_at_the_same_places_are_told_apart_by_their_words() -> None:
    def stumbling(words: str) -> dict[str, list[TranscriptEntry]]:
        raised = [entry(("RuntimeError", words), question=n, kind="raised") for n in (1, 2)]
        return {"a": [*raised, entry(3, question=3)]}

    right = {"a": [entry(n, question=n) for n in (1, 2, 3)]}
    known = {"shape": stumbling("shape '[1, 1]' is invalid"), "channels": stumbling("expected 3 channels")}
    assert recognise(stumbling("shape '[2, 1]' is invalid"), right, known) == ["shape"]
    assert recognise(stumbling("something else"), right, known) == []


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


# -- two mistakes, several that fit, and what is worth telling ---------------------------------------

_RIGHT = {"a": [entry(n, question=n) for n in range(6)]}


def answering(changes: dict[int, int], function: str = "f") -> list[TranscriptEntry]:
    return [entry(changes.get(n, n), question=n, function=function) for n in range(6)]


_ONE, _OTHER = {"a": answering({0: 70, 1: 71})}, {"a": answering({2: 72, 3: 73})}


@pytest.mark.parametrize(
    ("student", "found"),
    [
        ({0: 70, 1: 71, 2: 72, 3: 73}, ["one", "other"]),
        ({0: 70, 1: 71, 2: 72, 3: 73, 4: 99}, []),
        ({0: 70, 1: 71, 2: 72, 3: 0}, []),
        ({0: 70, 2: 72, 3: 73}, []),
    ],
    ids=["both", "and a third", "the other in part", "one in part"],
)
def test_two_mistakes_in_one_function_are_both_named(student: dict[int, int], found: list[str]) -> None:
    assert recognise({"a": answering(student)}, _RIGHT, {"one": _ONE, "other": _OTHER}) == found


def test_three_mistakes_in_one_function_are_named() -> None:
    third = {"a": answering({4: 74, 5: 75})}
    student = {"a": answering({0: 70, 1: 71, 2: 72, 3: 73, 4: 74, 5: 75})}
    known = {"one": _ONE, "other": _OTHER, "third": third}
    assert recognise(student, _RIGHT, known) == ["one", "other", "third"]
    assert recognise({"a": answering({0: 70, 1: 71, 2: 72, 3: 73, 4: 74, 5: 0})}, _RIGHT, known) == []


def test_where_both_show_themselves_neither_decides() -> None:
    one, other = {"a": answering({0: 70, 1: 71, 4: 1})}, {"a": answering({2: 72, 3: 73, 4: 2})}
    student = {"a": answering({0: 70, 1: 71, 2: 72, 3: 73, 4: 3})}
    assert recognise(student, _RIGHT, {"one": one, "other": other}) == ["one", "other"]


def test_between_pairs_that_fit_alike_only_what_they_share_is_named() -> None:
    student = {"a": answering({0: 70, 1: 71, 2: 72, 3: 73})}
    assert recognise(student, _RIGHT, {"one": _ONE, "other": _OTHER, "twin": _OTHER}) == ["one"]


def test_two_that_fit_alike_are_told_apart_by_what_they_would_also_have_changed() -> None:
    """A check ends at the first wrong reply: the plainer mistake is the one that has shown itself as a whole."""
    wide = {**_ONE, "b": [entry(5, question=1)]}
    right = {**_RIGHT, "b": [entry(1, question=1)]}
    assert recognise(_ONE, right, {"one": {**_ONE, "b": right["b"]}, "wide": wide}) == ["one"]
    assert recognise(_ONE, _RIGHT, {"one": _ONE, "twin": _ONE}) == [], "nothing to choose"


def test_variants_are_one_misconception() -> None:
    known = {"size": _ONE, "size@1": _OTHER, "size@2": _OTHER}
    assert recognise(_ONE, _RIGHT, known) == ["size"]
    assert recognise(_OTHER, _RIGHT, known) == ["size"]


def test_the_order_of_keys_decides_only_where_it_is_the_mistake() -> None:
    def replying(value: dict[str, int]) -> dict[str, list[TranscriptEntry]]:
        return {"a": [entry(value), entry(value, question=2)]}

    right, wrong = replying({"h": 1, "w": 2}), replying({"h": 2, "w": 1})
    turned = replying({"w": 2, "h": 1})
    assert recognise(replying({"w": 1, "h": 2}), right, {"wrong": wrong}) == ["wrong"]
    assert recognise(turned, right, {"turned": turned}) == ["turned"]
    assert recognise(right, right, {"turned": turned}) == []


def _stumbling(words: dict[int, tuple[str, str]]) -> dict[str, list[TranscriptEntry]]:
    return {f"c{n}": [entry(words.get(n, n), question=n, kind="raised" if n in words else "value")] for n in range(6)}


@pytest.mark.parametrize(
    ("student", "fits"),
    [
        ({0: ("TypeError", "'int' object is not subscriptable"), 1: ("TypeError", "cannot unpack an int")}, True),
        ({0: ("ValueError", "no"), 1: ("ValueError", "no")}, False),
        ({0: ("TypeError", "no")}, False),
        ({0: ("TypeError", "no"), 1: ("TypeError", "no"), 2: ("TypeError", "no")}, False),
        (dict.fromkeys(range(6), ("TypeError", "no")), False),
    ],
    ids=["other words", "another type", "fewer places", "more places", "everywhere"],
)
def test_who_raises_just_where_a_mistake_does_stumbles_over_it(student: dict[int, tuple[str, str]], fits: bool) -> None:
    known = {"pairs": _stumbling({0: ("TypeError", "can't multiply by a tuple"), 1: ("TypeError", "no tuple")})}
    assert recognise(_stumbling(student), _stumbling({}), known) == (["pairs"] if fits else [])


_IMPOSSIBLE = {0: 5, 1: 6, 2: 7, 3: torch.zeros(0)}


@pytest.mark.parametrize(
    ("student", "fits"),
    [
        ({**_IMPOSSIBLE, 3: ("RuntimeError", "nothing to stack")}, True),
        ({**_IMPOSSIBLE, 2: ("RuntimeError", "no"), 3: ("RuntimeError", "no")}, False),
        ({**_IMPOSSIBLE, 3: ("RuntimeError", "no"), 4: ("RuntimeError", "no")}, False),
        ({**_IMPOSSIBLE, 3: 3}, False),
        ({**_IMPOSSIBLE, 3: 8}, False),
    ],
    ids=["at one place", "at half of them", "elsewhere too", "right there", "another value there"],
)
def test_who_raises_where_a_mistake_gives_something_impossible_makes_it(student: dict[int, object], fits: bool) -> None:
    def replying(changes: dict[int, object]) -> dict[str, list[TranscriptEntry]]:
        values = {n: changes.get(n, n) for n in range(6)}
        kinds = {n: "raised" if isinstance(value, tuple) else "value" for n, value in values.items()}
        return {f"c{n}": [entry(value, question=n, kind=kinds[n])] for n, value in values.items()}

    found = recognise(replying(student), replying({}), {"impossible": replying(_IMPOSSIBLE)})
    assert found == (["impossible"] if fits else [])


def test_what_explains_more_points_is_named_first() -> None:
    right = {"a": [entry(1), entry(2, question=2)], "b": [entry(3, function="g"), entry(4, function="g", question=2)]}
    in_f = {**right, "a": [entry(7), entry(8, question=2)]}
    in_g = {**right, "b": [entry(7, function="g"), entry(8, function="g", question=2)]}
    both, known = {"a": in_f["a"], "b": in_g["b"]}, {"one": in_f, "other": in_g}
    assert recognise(both, right, known, {"a": 1.0, "b": 2.0}) == ["other", "one"]
    assert recognise(both, right, known, {"a": 2.0, "b": 1.0}) == ["one", "other"]


@pytest.mark.parametrize("kind", ["raised", "lost", "nothing"])
def test_a_detail_is_not_named_beside_a_plainer_failure_that_costs_more(kind: str) -> None:
    right = {"a": [entry(1), entry(2, question=2), entry(3, question=3)], "b": [entry(3, function="g")]}
    known = {"detail": {**right, "a": [entry(7), entry(8, question=2), entry(3, question=3)]}}
    plainly = {
        "raised": entry(("TypeError", "no"), function="g", kind="raised"),
        "lost": entry(None, function="g", kind="lost"),
        "nothing": entry(None, function="g"),
    }[kind]
    student = {"a": known["detail"]["a"], "b": [plainly]}
    assert recognise(student, right, known, {"a": 1.0, "b": 4.0}) == []
    assert recognise(student, right, known, {"a": 1.0, "b": 0.5}) == ["detail"]
    assert recognise({**student, "b": [entry(9, function="g")]}, right, known, {"a": 1.0, "b": 4.0}) == ["detail"]
    never_right = {"a": student["a"][:2], "b": [plainly]}
    assert recognise(never_right, right, known, {"a": 1.0, "b": 4.0}) == ["detail"], "g may well have asked f"


def test_exceptions_that_may_follow_from_something_else_name_nothing() -> None:
    right = {"a": [entry(1), entry(2, question=2)], "b": [entry(3, function="g")]}
    raised = [entry(("RuntimeError", "no"), question=question, kind="raised") for question in (1, 2)]
    known = {"stumbles": {**right, "a": raised}}
    assert recognise({**right, "a": raised}, right, known) == ["stumbles"]
    assert recognise({"a": raised, "b": [entry(9, function="g")]}, right, known) == [], "g is wrong, and f may ask it"


def test_what_a_passed_check_leaves_free_is_no_contradiction() -> None:
    right = {"a": [entry(1), entry(2, question=2)], "b": [entry(torch.ones(2), question=3)]}
    known = {"wrong": {**right, "a": [entry(7), entry(8, question=2)]}}
    student = {"a": known["wrong"]["a"], "b": [entry(torch.ones(2).requires_grad_(), question=3)]}
    assert recognise(student, right, known, {"a": 1.0, "b": 0.0}) == ["wrong"]
    assert recognise(student, right, known, {"a": 1.0, "b": 1.0}) == []


def test_a_gradient_does_not_decide_where_numbers_tell() -> None:
    def replying(value: torch.Tensor) -> dict[str, list[TranscriptEntry]]:
        return {"a": [entry(value), entry(value, question=2)]}

    right, wrong = replying(torch.ones(2).requires_grad_()), torch.zeros(2)
    assert recognise(replying(wrong), right, {"zeros": replying(wrong.clone().requires_grad_())}) == ["zeros"]
    frozen = {"frozen": replying(torch.ones(2))}
    assert recognise(replying(torch.ones(2)), right, frozen) == ["frozen"]
    assert recognise(right, right, frozen) == []
