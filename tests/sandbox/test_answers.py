"""Answers that were put together: taken apart again as they are, or refused."""

from __future__ import annotations

import pytest

from grader.errors import WireError
from grader.sandbox import answers


def written(value: object, kind: str = answers.VALUE) -> bytes:
    return answers.encode(kind, value, list, park=lambda value: (1, "object"), limit=1 << 20)


def test_answers_arrive_in_order() -> None:
    data = answers.join([written(1), written("two"), written({"type": "E"}, answers.RAISED)])
    read = [answers.decode(piece, lambda number, name: None) for piece in answers.split(data, 3)]
    assert [(answer.kind, answer.value) for answer in read] == [
        (answers.VALUE, 1),
        (answers.VALUE, "two"),
        (answers.RAISED, {"type": "E"}),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        answers.join([]),
        answers.join([written(1)] * 4),
        answers.join([written(1)])[:-1],
        answers.join([written(1)]) + b"n",
        written(written(1)),
        written([1]),
        written((written(1),)),
        written([written(1)], answers.RAISED),
        written([written(1)], answers.KEPT),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        answers.split(data, 3)
