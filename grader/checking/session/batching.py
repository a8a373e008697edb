"""Several questions about one function, put to the room in one go.

A turn between two processes costs as much as a small reply. On 01-maxpool a submission takes 6 % more processor time
when each question is asked by itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from grader.checking.session.exchange import Asker, Exchange, described
from grader.errors import RoomDied, RoomError
from grader.sandbox import replies
from grader.sandbox.operations import Operation
from grader.sandbox.questions import Question, asking

if TYPE_CHECKING:
    from grader.checking.session.examination import Examination


def ask_each(examination: Examination, asker: Asker, several: Sequence[Operation]) -> Iterator[tuple[str, Any]]:
    """Yield the replies as if each question had been asked by itself, up to the first that raises.

    A room that dies of a batch does not tell which question it died of: then each is asked by itself in a new room, as
    if nothing had been. A question that refers to this room's objects would mean nothing to that one, and is asked by
    itself at once.
    """
    function = asker.function
    questions = [asking(operation, number=asker.number, function=function) for operation in several]
    alone = all(question.alone for question in questions) and not examination.callbacks
    done = 0
    while done < len(several):
        exchanges: list[Exchange] = []
        if alone and examination.may_batch and len(several) - done > 1:
            exchanges = _ask_together(examination, asker, several[done:], questions[done:])
        if not exchanges:
            yield examination.ask(asker, several[done])
            done += 1
        unread = iter(exchanges)
        examination.unread.append((unread, function, asker))
        for exchange in unread:
            try:
                judged = examination.judge(exchange, function, asker)
            except RoomError as error:
                examination.lost(function, exchange.asked, error)
                examination.unread.clear()
                raise
            yield judged
            done += 1


def _ask_together(
    examination: Examination,
    asker: Asker,
    several: Sequence[Operation],
    questions: Sequence[Question],
) -> list[Exchange]:
    """The replies to the first of several questions, to one at least; none where the room did not survive it."""
    budget, lodging = examination.budget, examination.lodging
    room = examination.room_for(asker.function)
    examination.transcriber.source(asker.function)
    started = time.monotonic()
    try:
        lodging.forget_dropped(room)
        said = examination.waiting.send(room, questions, budget.call_seconds())
        examination.refuse_wrong(said, asker)
        decoded = [replies.decode(data, asker.unpark) for data in said.replies]
    except RoomError as error:
        # This happens once in an examination; therefore the submission's time does not count it.
        examination.may_batch = False
        examination.end_room(natural=isinstance(error, RoomDied))
        return []
    budget.spend(time.monotonic() - started)
    return [Exchange(described(asker, operation), reply) for operation, reply in zip(several, decoded, strict=False)]
