"""Questions and replies that came before.

Checks put the same questions to every submission of a class, and most submissions give the same replies. To decode a
reply, of which every byte is doubted, takes longer than to copy what came of the same bytes before: without this, a
submission to 01-maxpool takes 6 % more processor time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grader.sandbox import answers
from grader.sandbox.answers import Answer
from grader.sandbox.decoding import Unpark
from grader.sandbox.questions import Question
from grader.sandbox.values import copy_of

_MOST_BYTES = 1 << 16
"""Of one question or reply that is remembered."""
_MOST_BYTES_OF_ALL = 64 << 20
_UNCHANGING = frozenset({type(None), bool, int, float, str, bytes})


class Memory:
    """What one problem's checks asked, and what was replied. Forgets all when it holds too much."""

    def __init__(self) -> None:
        self._questions: dict[bytes, Any] = {}
        self._replies: dict[bytes, Answer] = {}
        self._bytes = 0

    def question(self, question: Question, describe: Callable[[], Any]) -> Any:
        """A question as transcripts hold it; `describe` makes that where it is new."""
        if not question.alone or len(question.data) > _MOST_BYTES:
            return describe()
        if question.data not in self._questions:
            described = describe()
            self._take(2 * len(question.data))
            self._questions[question.data] = described
        return self._questions[question.data]

    def reply(self, data: bytes, unpark: Unpark) -> tuple[Answer, Answer | None]:
        """The reply that these bytes are, which a check may change, and the one that is remembered.

        None instead of the latter where it refers to objects, which are this room's alone. Raises `WireError`.
        """
        remembered = self._replies.get(data)
        if remembered is None:
            remembered = answers.decode(data, unpark)
            if remembered.kind != answers.VALUE or len(data) > _MOST_BYTES or not _can_be_copied(remembered.value):
                return remembered, None
            self._take(len(data) + remembered.cost)
            self._replies[data] = remembered
        return remembered._replace(value=_copied(remembered.value)), remembered

    def _take(self, more: int) -> None:
        self._bytes += more
        if self._bytes > _MOST_BYTES_OF_ALL:
            self._questions.clear()
            self._replies.clear()
            self._bytes = more


def _can_be_copied(value: Any) -> bool:
    kind = type(value)
    if kind in _UNCHANGING or kind is torch.Tensor:
        return True
    if kind in (tuple, list):
        return all(map(_can_be_copied, value))
    return kind is dict and all(map(_can_be_copied, value.values())) and _UNCHANGING.issuperset(map(type, value))


def _copied(value: Any) -> Any:
    kind = type(value)
    if kind in _UNCHANGING:
        return value
    if kind is torch.Tensor:
        return copy_of(value)
    if kind is dict:
        return {key: _copied(item) for key, item in value.items()}
    return kind(map(_copied, value))
