"""Questions and answers that came before.

Checks put the same questions to every submission of a class, and most submissions give the same answers. Both are known
by their bytes then: to decode an answer, of which every byte is doubted, takes longer than to copy what came of it, and
whether two answers are the same is found out once and not for each student.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any, NamedTuple

import torch

from grader.sandbox import answers
from grader.sandbox.answers import Answer
from grader.sandbox.decoding import Unpark
from grader.sandbox.questions import Question
from grader.sandbox.values import copy_of

_MOST_BYTES = 1 << 16
"""Of one question or answer that is remembered."""
_MOST_BYTES_OF_ALL = 64 << 20
_UNCHANGING = frozenset({type(None), bool, int, float, str, bytes})


class Told(NamedTuple):
    """A question or an answer as transcripts hold it: to be compared, never to be changed or handed to a check."""

    value: Any
    number: int = 0
    """The same for the same value; 0 where it is not remembered."""


NOTHING = Told(None)


class Memory:
    """What one problem's checks asked, and what was answered. Forgets all when it holds too much."""

    def __init__(self) -> None:
        self._questions: dict[bytes, Told] = {}
        self._answers: dict[bytes, tuple[Answer, Told]] = {}
        self._numbers = count(1)
        self._bytes = 0

    def question(self, question: Question, describe: Callable[[], Any]) -> Told:
        """A question as transcripts hold it; `describe` makes that where it is new."""
        if not question.alone or len(question.data) > _MOST_BYTES:
            return Told(describe())
        told = self._questions.get(question.data)
        if told is None:
            told = Told(describe(), next(self._numbers))
            self._take(2 * len(question.data))
            self._questions[question.data] = told
        return told

    def answer(self, data: bytes, unpark: Unpark) -> tuple[Answer, Told | None]:
        """The answer that these bytes are, which a check may change, and what transcripts hold of it.

        None instead of the latter where what it refers to is this room's alone. Raises `WireError`.
        """
        found = self._answers.get(data)
        if found is None:
            answer = answers.decode(data, unpark)
            if answer.kind != answers.VALUE or len(data) > _MOST_BYTES or not _can_be_copied(answer.value):
                return answer, None
            found = answer, Told(answer.value, next(self._numbers))
            self._take(len(data) + answer.cost)
            self._answers[data] = found
        answer, told = found
        return answer._replace(value=_copied(answer.value)), told

    def _take(self, more: int) -> None:
        self._bytes += more
        if self._bytes > _MOST_BYTES_OF_ALL:
            self._questions.clear()
            self._answers.clear()
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
