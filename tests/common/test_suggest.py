"""The nearest known word."""

from __future__ import annotations

import pytest

from grader.common.suggest import did_you_mean, nearest

COMMANDS = ("batch", "data", "doctor", "start", "verify", "watch")
CASES = [
    pytest.param("strat", "start", id="letters-swapped"),
    pytest.param("wacth", "watch", id="letters-swapped-inside"),
    pytest.param("VERIFY", "verify", id="another-case"),
    pytest.param("docter", "doctor", id="a-wrong-letter"),
    pytest.param("q", None, id="nothing-alike"),
    pytest.param("", None, id="nothing-typed"),
]


@pytest.mark.parametrize(("word", "expected"), CASES)
def test_nearest(word: str, expected: str | None) -> None:
    assert nearest(word, COMMANDS) == expected


def test_the_spelling_that_is_known_comes_back() -> None:
    assert nearest("readme.MD", ["README.md", "notes.txt"]) == "README.md"


def test_a_sentence_either_way() -> None:
    assert did_you_mean("strat", COMMANDS) == "did you mean start?"
    assert did_you_mean("q", ["csv", "junit"]) == "known: csv, junit"
