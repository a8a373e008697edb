"""Answers that were put together: taken apart again as they are, or refused."""

from __future__ import annotations

import pytest

from grader.errors import WireError
from grader.sandbox import replies


def written(value: object, kind: str = replies.VALUE) -> bytes:
    return replies.encode(kind, value, list, park=lambda value: (1, "object"), limit=1 << 20)


def test_answers_arrive_in_order() -> None:
    data = replies.join([written(1), written("two"), written({"type": "E"}, replies.RAISED)])
    read = [replies.decode(piece, lambda number, name: None) for piece in replies.split(data, 3)]
    assert [(answer.kind, answer.value) for answer in read] == [
        (replies.VALUE, 1),
        (replies.VALUE, "two"),
        (replies.RAISED, {"type": "E"}),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        replies.join([]),
        replies.join([written(1)] * 4),
        replies.join([written(1)])[:-1],
        replies.join([written(1)]) + b"n",
        written(written(1)),
        written([1]),
        written((written(1),)),
        written([written(1)], replies.RAISED),
        written([written(1)], replies.KEPT),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        replies.split(data, 3)
