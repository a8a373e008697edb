"""The passages that two answers share, as places in their text."""

from __future__ import annotations

import itertools
import json

import pytest

from grader.batch.passages import shared_passages
from grader.batch.tokens import shape_of
from grader.model import SourceFile

STUB = 'def double(x):\n    """Twice."""\n    raise NotImplementedError\n'
ONE = "def helper(values):\n    total = 0\n    for v in values:\n        total += v * 7\n    return total\n"
OTHER = "class Net:\n    def forward(self, image):\n        return self.conv(image).relu().flatten(1)\n"


def file(text: str, name: str = "a.py") -> SourceFile:
    return SourceFile(name, text.encode())


def shown(one: SourceFile, other: SourceFile, common: str = "") -> tuple[list[str], list[str]]:
    """What is marked on both sides, passage by passage; common ones in brackets."""
    stub = shape_of("stub.py", STUB.encode()).numbers()
    many = shape_of("a.py", common.encode()).numbers()
    found = shared_passages(one, other, stub, many)
    sides = []
    for texts, passages in ((found.one, found.in_one), (found.other, found.in_other)):
        marked = [(texts[each.text][each.start : each.end], each.common) for each in passages]
        sides.append([f"({text})" if is_common else text for text, is_common in marked])
    numbers = [{each.number for each in side} for side in (found.in_one, found.in_other)]
    assert numbers[0] == numbers[1], "each passage has its counterpart"
    return sides[0], sides[1]


SAME = {
    "itself": (ONE, ONE, [ONE.strip()]),
    "twice": (ONE + ONE, ONE + ONE, [(ONE + ONE).strip()]),
    "behind-other-code": (OTHER + ONE, ONE, [ONE.strip()]),
    "with-a-remark": (ONE.replace("total = 0", "total = 0  # begins"), ONE, None),
    "renamed": (ONE, ONE.replace("values", "xs").replace("total", "acc").replace("v ", "w "), [ONE.strip()]),
}


@pytest.mark.parametrize(("one", "other", "marked"), SAME.values(), ids=SAME)
def test_what_is_the_same_is_one_passage(one: str, other: str, marked: list[str] | None) -> None:
    first, second = shown(file(one), file(other))
    assert len(first) == 1
    assert len(second) >= 1
    if marked is not None:
        assert first == marked


def test_what_is_moved_about_is_found() -> None:
    first, second = shown(file(ONE + OTHER), file(OTHER + ONE))
    assert len(first) == 2
    assert sorted(first) == sorted(second)


def test_what_the_stub_gave_and_what_is_short_is_nobodys() -> None:
    assert shown(file(STUB), file(STUB)) == ([], [])
    assert shown(file("a = b + c\n"), file("a = b + c\n")) == ([], [])
    assert shown(file(ONE), file(OTHER)) == ([], [])


def test_what_many_wrote_is_common() -> None:
    assert shown(file(ONE), file(ONE), common=ONE)[0] == [f"({ONE.strip()})"]


def test_a_notebook_is_marked_cell_by_cell() -> None:
    cells = [{"cell_type": "markdown", "source": ONE}, {"cell_type": "code", "source": f"%%time\n{ONE}"}]
    notebook = SourceFile("a.ipynb", json.dumps({"cells": cells}).encode())
    first, _ = shown(notebook, file(ONE))
    assert first == [ONE.strip()]


def test_any_two_texts_have_passages_within_them() -> None:
    for one, other in (("(" * 3000, "(" * 2999), ("x = " * 900, "x =" * 700), ("'" * 50, '"""' * 40), ("\0" * 30, "")):
        found = shared_passages(file(one), file(other), (), ())
        for texts, passages in ((found.one, found.in_one), (found.other, found.in_other)):
            places = [(each.text, each.start, each.end) for each in passages]
            assert places == sorted(places)
            assert all(0 <= start < end <= len(texts[text]) for text, start, end in places)
            assert all(a[2] <= b[1] for a, b in itertools.pairwise(places) if a[0] == b[0])
