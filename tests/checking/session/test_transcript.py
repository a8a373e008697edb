"""Whose doing a reply is, as the transcript has it."""

from __future__ import annotations

import pytest

from grader.checking.session.transcript import LIBRARY, Transcriber

# Who is asked, one after another -> whose the last reply is.
ASKED = {
    "a function": (["f"], "f"),
    "the library first": ([LIBRARY], LIBRARY),
    "the library after a function": (["f", LIBRARY], "f"),
    "the library again and again": (["f", LIBRARY, LIBRARY], "f"),
    "a function after the library": ([LIBRARY, "f"], "f"),
    "another function": (["f", LIBRARY, "g"], "g"),
}


@pytest.mark.parametrize(("asked", "source"), ASKED.values(), ids=ASKED)
def test_what_the_library_says_after_a_call_is_that_functions_doing(asked: list[str], source: str) -> None:
    transcriber = Transcriber()
    assert [transcriber.source(function) for function in asked][-1] == source


def test_a_check_begins_without_the_last_ones_entries_and_function() -> None:
    transcriber = Transcriber()
    transcriber.note(transcriber.source("f"), ("call", False, ()), "value", 1)
    first = transcriber.entries
    transcriber.begin()
    assert transcriber.entries == []
    assert transcriber.source(LIBRARY) == LIBRARY
    assert [(entry.function, entry.kind, entry.value) for entry in first] == [("f", "value", 1)]
