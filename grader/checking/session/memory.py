"""Questions and replies that came before.

Checks put the same questions to every submission of a class, and most submissions give the same replies. Both are known
by their bytes then: to decode a reply, of which every byte is doubted, takes longer than to copy what came of it, and
whether two replies are the same is found out once and not for each student. Without that, a submission to 01-maxpool
takes 1.16 times the processor time.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import torch

from grader.checking.session.transcript import Comparable
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
        self._questions: dict[bytes, Comparable] = {}
        self._replies: dict[bytes, tuple[Answer, Comparable]] = {}
        self._numbers = count(1)
        self._bytes = 0

    def question(self, question: Question, describe: Callable[[], Any]) -> Comparable:
        """A question as transcripts hold it; `describe` makes that where it is new."""
        if not question.alone or len(question.data) > _MOST_BYTES:
            return Comparable(describe())
        comparable = self._questions.get(question.data)
        if comparable is None:
            comparable = Comparable(describe(), next(self._numbers))
            self._take(2 * len(question.data))
            self._questions[question.data] = comparable
        return comparable

    def reply(self, data: bytes, unpark: Unpark) -> tuple[Answer, Comparable | None]:
        """The reply that these bytes are, which a check may change, and what transcripts hold of it.

        None instead of the latter where what it refers to is this room's alone. Raises `WireError`.
        """
        found = self._replies.get(data)
        if found is None:
            answer = answers.decode(data, unpark)
            if answer.kind != answers.VALUE or len(data) > _MOST_BYTES or not _can_be_copied(answer.value):
                return answer, None
            found = answer, Comparable(answer.value, next(self._numbers))
            self._take(len(data) + answer.cost)
            self._replies[data] = found
        answer, comparable = found
        return answer._replace(value=_copied(answer.value)), comparable

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
