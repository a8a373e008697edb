"""One submission under examination: what a check's proxies talk to.

A question goes to the submission's room, and the reply is judged: a value for the check, or an exception that becomes
the check's outcome. A function that has cost two rooms is not called again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from grader.checking.session import batching
from grader.checking.session.budget import Budget
from grader.checking.session.callbacks import MOST_CALLS, Callbacks
from grader.checking.session.claims import AnswerTooLarge, ForbiddenOperatorUsed, StudentRaised
from grader.checking.session.exchange import Asker, Exchange, described
from grader.checking.session.lodging import Lodging
from grader.checking.session.placing import Placed, PlacedFirst, Said
from grader.checking.session.transcript import LIBRARY, Transcriber, TranscriptEntry
from grader.errors import RoomDied, RoomError, WireError
from grader.model import Problem, Submission
from grader.problem.packages import importable
from grader.sandbox import replies
from grader.sandbox.operations import GetAttribute, Operation
from grader.sandbox.questions import asking
from grader.sandbox.replies import Reply
from grader.sandbox.session import Rooms, RoomSession


class Examination:
    """The state of grading one submission."""

    def __init__(
        self,
        sandbox: Rooms,
        problem: Problem,
        submission: Submission,
        *,
        warm: tuple[str, ...] = (),
    ) -> None:
        self._problem = problem
        self.transcriber = Transcriber()
        self.budget = Budget(problem.limits)
        self.lodging = Lodging(sandbox, problem, submission, self.budget, warm)
        self.may_batch = True
        """Whether questions may be put to the room together; not any more once it has died of that."""
        self.waiting = PlacedFirst()
        self.callbacks = Callbacks()
        self.unread: list[tuple[Iterator[Exchange], str, Asker]] = []
        """Replies that came in one go with others, and that the check under way has not asked for yet."""
        self._lets_compare = True
        self.compared = False
        """Whether this check has asked an object of the submission's if it equals a value of the check's own."""
        self.costs: dict[str, list[str]] = {}
        """Failed place outside functions -> titles of the checks that failed for want of it."""

    def end_room(self, *, natural: bool = False) -> None:
        """End the room, if one is open."""
        self.waiting.clear()
        self.lodging.end(natural=natural)

    def new_check(self, *, may_compare: bool = True) -> None:
        """A check begins: its transcript is empty, and a dead room is replaced before it asks."""
        self.transcriber.begin()
        self.waiting.clear()
        self.callbacks.clear()
        self.unread.clear()
        self._lets_compare = may_compare
        self.compared = False

    def may_compare(self) -> bool:
        """Whether an object of the submission's may say if it equals a value of the check's own; notes the wish."""
        self.compared = True
        return self._lets_compare

    def may_import(self, module: str) -> bool:
        """Whether the problem lets answers use this module, besides numpy and torch."""
        return module in importable(self._problem.requirements)

    @property
    def entries(self) -> list[TranscriptEntry]:
        """What the check under way has asked, and the replies that it has seen."""
        return self.transcriber.entries

    def whole_transcript(self) -> list[TranscriptEntry]:
        """The same, and the replies that lie unread because the check gave up at an earlier one.

        They say whether a wrong answer is wrong in the same way elsewhere: a check ends at its first difference.
        """
        unread = Transcriber()
        for exchanges, function, asker in self.unread:
            for asked, (kind, value, seen, _) in exchanges:
                if seen and function in self._problem.forbidden:
                    break
                if kind == replies.RAISED:
                    raised = self._raised(value, function)
                    unread.note(function, asked, "raised", (raised.type_name, raised.message))
                elif kind == replies.VALUE:
                    unread.note(function, asked, "value", asker.describe(value))
                else:
                    break
        return [*self.entries, *unread.entries]

    # -- questions -------------------------------------------------------------------------------

    def ask(self, asker: Asker, operation: Operation, *, keep: bool = False) -> tuple[str, Any]:
        """One question; ("value" or "stop", value) of the reply."""
        room = self.room_for(asker.function)
        source = self.transcriber.source(asker.behind)
        asked: tuple[Any, ...] = (type(operation).__name__, keep, ())
        try:
            with self.budget.spending():
                self.lodging.forget_dropped(room)
                own = asker.function != LIBRARY
                question = asking(operation, number=asker.number, keep=keep, function=source, own=own)
                asked = described(asker, operation, keep)
                left = self.budget.call_seconds()
                said = self.waiting.send(room, [question], left, apart=bool(self.callbacks))
                self.refuse_wrong(said, asker)
                reply = replies.decode(said.replies[0], asker.unpark)
            if reply.kind == replies.CALLS:
                reply = self._called_back(room, reply, asked, source, asker)
            return self.judge(Exchange(asked, reply), source, asker)
        except RoomError as error:
            if self.lodging.is_open(room):  # A function of the check's may have asked meanwhile, and lost it.
                self.lost(source, asked, error)
            raise

    def _called_back(self, room: RoomSession, reply: Reply, asked: tuple[Any, ...], source: str, asker: Asker) -> Reply:
        """The reply that comes once the room has called functions of the check's, as often as it wanted to."""
        left = self.budget.call_seconds()
        try:
            for _ in range(MOST_CALLS):
                self.budget.take(reply.cost)
                self.transcriber.note(source, ("calls back", False, asked), "value", asker.describe(reply.value))
                given = self.callbacks.call(reply.value)
                began = time.monotonic()
                with self.budget.spending():
                    reply = replies.decode(room.ask(asking(given, number=asker.number), left), asker.unpark)
                left -= time.monotonic() - began
                if reply.kind != replies.CALLS:
                    return reply
        except RoomError:
            raise
        except BaseException:
            self.end_room()  # It waits in the middle of a call, to which nobody comes back.
            raise
        raise WireError(f"it called functions of the check more than {MOST_CALLS:,} times")

    def ask_each(self, asker: Asker, several: Sequence[Operation]) -> Iterator[tuple[str, Any]]:
        """Several questions about one function of the student's, answered one after another as by `ask`."""
        return batching.ask_each(self, asker, several)

    def place(self, asker: Asker, operation: Operation, type_name: str) -> int:
        """The number of a handle of what the operation will give, an object of a type that is known.

        It travels with the next question. Where it goes wrong, that question raises.
        """
        self.room_for(asker.function)
        source = self.transcriber.source(asker.behind)
        number = self.waiting.next_number()
        question = asking(operation, number=asker.number, function=source, own=False, place=number)
        # As transcripts have it where it goes by itself: an attribute is not kept, but cannot travel.
        asked = described(asker, operation, keep=not isinstance(operation, GetAttribute))
        self.waiting.add(Placed(question, asked, source))
        self.transcriber.note(source, asked, "value", ("handle", type_name))
        return number

    def refuse_wrong(self, said: Said, asker: Asker) -> None:
        """If something that was placed went wrong, raise what came of it."""
        if said.wrong is None:
            return
        try:
            exchange = Exchange(said.wrong.asked, replies.decode(said.replies[0], asker.unpark))
            self.judge(exchange, said.wrong.function, asker)
        except StudentRaised as raised:
            raised.while_placing = True
            raise
        raise WireError("a value in reply to one that was placed")

    def room_for(self, function: str) -> RoomSession:
        """An open room, in which `function` may be asked."""
        self.budget.refuse_hopeless(function)
        self.budget.refuse_used_up()
        room = self.lodging.room()
        self.budget.refuse_used_up()
        return room

    # -- replies ---------------------------------------------------------------------------------

    def judge(self, exchange: Exchange, function: str, asker: Asker) -> tuple[str, Any]:
        """The reply's kind and value for the check; an exception where it has neither. The transcript notes both."""
        asked, (kind, value, seen, cost) = exchange
        note = self.transcriber.note
        self.budget.take(cost)
        rules = self._problem.forbidden.get(function, ())
        if seen and rules:
            if not 0 <= seen[0].rule < len(rules):
                raise WireError("an operator against a rule that there is not")
            note(function, asked, "lost")
            raise ForbiddenOperatorUsed(function, seen[0], rules[seen[0].rule])
        if kind == replies.CALLS:
            raise WireError("a call of the check's function among several replies")
        if kind == replies.RAISED:
            raised = self._raised(value, function)
            note(function, asked, "raised", (raised.type_name, raised.message))
            raise raised
        if kind == replies.TOO_LARGE:
            note(function, asked, "lost")
            raise AnswerTooLarge(value)
        note(function, asked, "value", asker.describe(value))
        return kind, value

    def _raised(self, value: Any, function: str) -> StudentRaised:
        if not isinstance(value, dict):
            raise WireError("an exception that is not of the protocol's form")
        raised = StudentRaised(value)
        loaded = self.lodging.loaded
        raised.failed_place = loaded.lost.get(function, "")
        raised.because = loaded.failures.get(raised.failed_place, "")
        return raised

    def lost(self, function: str, asked: tuple[Any, ...], error: RoomError) -> None:
        """The room is of no use any more, and `function` cost it."""
        self.transcriber.note(function, asked, "lost")
        self.budget.strike(function, error)
        self.end_room(natural=isinstance(error, RoomDied))
