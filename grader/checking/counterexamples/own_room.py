"""A submission in a room of its own, asked about inputs that no check has: for a second of its time, and no more.

The room is a new one and has seen no check, so what is said there can hold nothing of any. Whatever goes wrong ends the
search and costs nobody anything: a room that dies, an answer too late, a submission that takes too long to load.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, NamedTuple

import msgspec

from grader.checking import calls
from grader.checking.api.handles import Function, ask_each, call, fetch
from grader.checking.api.proxy import SubmissionProxy
from grader.checking.counterexamples.inputs import Case
from grader.checking.session.budget import NotCalledAgain, TimeUsedUp
from grader.checking.session.claims import AnswerTooLarge, ForbiddenOperatorUsed, StudentRaised
from grader.checking.session.examination import Examination
from grader.checking.session.lodging import CouldNotLoad
from grader.errors import RoomError
from grader.model import Limits

_SECONDS = 1.0
_LOADING_SECONDS = 3.0


class Enough(BaseException):
    """The search is over, for want of time or of a room. No `Exception`: nothing on its way is to catch it."""


class Answered(NamedTuple):
    """What a submission said to one input."""

    value: Any = None
    raised: StudentRaised | None = None


NOTHING = None
"""A reply that is no answer, such as one of a forbidden operator: a check tells that."""


def brief(limits: Limits) -> Limits:
    """What the search may cost, of what a submission may."""
    return msgspec.structs.replace(
        limits,
        import_seconds=min(limits.import_seconds, _LOADING_SECONDS),
        call_seconds=min(limits.call_seconds, _SECONDS),
        total_seconds=min(limits.total_seconds, _SECONDS + _LOADING_SECONDS),
    )


class OwnRoom:
    """Asks one submission. A context: its room ends with it."""

    def __init__(self, examination: Examination, seconds: float = _SECONDS) -> None:
        self._examination = examination
        self._seconds = seconds
        """What the submission may still take for its answers; no other work counts."""

    def __enter__(self) -> OwnRoom:
        """Open the room. Raises `Enough` where the submission cannot be loaded there."""
        try:
            self._examination.lodging.open()
            self._examination.lodging.hide_output()
        except CouldNotLoad:
            raise Enough from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._examination.end_room()

    def ask(self, case: Case) -> Answered | None:
        """What is said to one input; None where that is no answer. Raises `Enough`."""
        return next(self.ask_each([case]))

    def ask_each(self, cases: Sequence[Case]) -> Iterator[Answered | None]:
        """The same for each of several inputs of one function, put to the room in one go where that can be."""
        waiting = list(cases)
        while waiting:
            function: Function = getattr(SubmissionProxy(self._examination), waiting[0].function)
            answers = self._answers(function, tuple(waiting))
            while waiting:
                said, goes_on = self._next(answers)
                waiting.pop(0)
                yield said
                if not goes_on:
                    break

    def _answers(self, function: Function, cases: Sequence[Case]) -> Iterator[Any]:
        if cases[0].then is None:
            yield from ask_each(function, [call(*case.args, **case.kwargs) for case in cases])
            return
        for case in cases:
            yield function(*case.args, **case.kwargs)(*(case.then or ()))

    def _next(self, answers: Iterator[Any]) -> tuple[Answered | None, bool]:
        """The next answer, and whether others follow from the same source."""
        if self._seconds < 0:
            raise Enough
        calls.forget()
        self._examination.transcriber.begin()
        started = time.monotonic()
        try:
            return Answered(fetch(next(answers))), True
        except StudentRaised as raised:
            return Answered(raised=raised), False
        except (ForbiddenOperatorUsed, AnswerTooLarge):
            return NOTHING, False
        except TypeError:  # What should have been a layer is no object of the room's.
            return NOTHING, False
        except (RoomError, NotCalledAgain, TimeUsedUp, CouldNotLoad):
            raise Enough from None
        finally:
            self._seconds -= time.monotonic() - started
