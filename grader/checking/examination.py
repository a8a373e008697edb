"""One submission under examination: its room, its time, its strikes, and a transcript of what it answered.

The room is opened when the examination begins and again after it died: an endless loop in one function costs the
checks that call this function, not those of the others. Two such deaths by the same function, and it is not
called again.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, Protocol

from grader.checking.claims import AnswerTooLarge, ForbiddenOperatorUsed, Loaded, StudentRaised, loaded
from grader.checking.memory import NOTHING, Memory, Told
from grader.errors import RoomDied, RoomError, WireError
from grader.model import Limits, Problem, Submission
from grader.sandbox import answers
from grader.sandbox.answers import Answer
from grader.sandbox.questions import Question, asking, placing
from grader.sandbox.session import Rooms, RoomSession
from grader.text import plain

LIBRARY = "library"
"""Stands for a function of the student's where a check asks the room's own library."""
_STRIKES = 2
_KILLED = 128 + 9
# All answers of one submission together may cost so many times what a single one may be large: they are kept until
# the misconceptions have been looked for.
_ALL_ANSWERS = 8


class NotCalledAgain(Exception):
    """A function that twice cost the room its life is not called a third time."""

    def __init__(self, function: str, error: RoomError) -> None:
        self.function, self.error = function, error
        super().__init__(function)


class TimeUsedUp(Exception):
    """The submission has used the time that the problem gives it."""


class CouldNotLoad(Exception):
    """The submission could not be loaded; `cause` is a StudentRaised or a RoomError."""

    def __init__(self, cause: Exception, exit_code: int = 0) -> None:
        self.cause = cause
        self.exit_code = exit_code
        super().__init__(str(cause))


@dataclass(frozen=True)
class Entry:
    """One question of a check and what came back, for the search for misconceptions."""

    function: str
    """The student's function or class that the answer comes from."""
    question: tuple[Any, ...]
    kind: str
    """"value", "raised", or "lost" where the room died or the answer could not be used."""
    value: Any
    asked: int = field(default=0, compare=False)
    """The question's number in the checker's `Memory`, the same for the same question; 0 where it has none."""
    answered: int = field(default=0, compare=False)
    """The same of the answer."""


class Side(Protocol):
    """The check's side of a question: what the objects that it asks with know of themselves."""

    function: str
    """The student's function that is asked, or that what is asked came from; `LIBRARY` for neither."""

    def number(self, value: object) -> int:
        """The number by which the room knows what cannot travel. Raises TypeError."""

    def unpark(self, number: int, type_name: str) -> Any:
        """What stands for an object of the room."""

    def describe(self, value: Any) -> Any:
        """Arguments or an answer in a form that can be compared between examinations, for the transcript."""


class _Exchange(NamedTuple):
    """A question and its answer, each also as transcripts hold it."""

    asked: Told
    answer: Answer
    told: Told | None


def _described(side: Side, operation: str, arguments: tuple[Any, ...], keep: bool = False) -> tuple[Any, ...]:
    return operation, keep, side.describe(arguments)


class Examination:
    """The state of grading one submission; what a check's proxies talk to."""

    def __init__(
        self,
        sandbox: Rooms,
        problem: Problem,
        submission: Submission,
        *,
        memory: Memory,
        warm: tuple[str, ...] = (),
    ) -> None:
        self._sandbox = sandbox
        self._problem = problem
        self._submission = submission
        self._limits: Limits = problem.limits
        self._warm = warm
        self._memory = memory
        self._room: RoomSession | None = None
        self._used_seconds = 0.0
        self._used_bytes = 0
        self._strikes: Counter[str] = Counter()
        self._deaths: dict[str, RoomError] = {}
        self._keep_output = True
        self._output: list[str] = []
        self._output_cut = False
        self._dropped: list[int] = []
        self._placed: list[Question] = []
        """What goes to the room with the next question."""
        self._places = 0
        self._last_function = ""
        self._together = True
        """Whether questions may be put to the room together; not any more once it has died of that."""
        self.generation = 0
        self.entries: list[Entry] = []
        self.walls: tuple[str, ...] = ()
        self.missing_walls: dict[str, str] = {}
        self.loaded = Loaded()
        self.costs: dict[str, list[str]] = {}
        """Failed place outside functions -> titles of the checks that failed for want of it."""
        self.last_exit = 0

    # -- the room --------------------------------------------------------------------------------

    def begin(self) -> Loaded:
        """Open a room and load the submission. Raises `CouldNotLoad`, and HarnessError for our own faults."""
        # One room's share of the output is what the ones before it left.
        kept = sum(len(text) for text in self._output)
        watched = [pattern for rule in self._problem.forbidden.values() for pattern in rule.operators]
        room = self._sandbox.open(self._limits, warm=self._warm, watch=watched)
        room.output.limit = max((self._limits.output_kb << 10) - kept, 0)
        self._room = room
        self.generation += 1
        room.output.keep = self._keep_output
        self.walls, self.missing_walls = room.walls, room.missing
        submission = self._submission
        arguments = (
            submission.main.name,
            submission.main.content,
            [(file.name, file.content) for file in submission.extra],
            {name: list(rule.operators) for name, rule in self._problem.forbidden.items()},
            list(self._problem.names),
            self._limits.import_seconds,
        )
        started = time.monotonic()
        try:
            said = room.ask(asking("load", arguments, number=_refuse), self._limits.import_seconds)
            answer = answers.decode(said, lambda number, name: None)
        except RoomError as error:
            self.end(natural=isinstance(error, RoomDied))
            raise CouldNotLoad(error, self.last_exit) from error
        finally:
            self._used_seconds += time.monotonic() - started
        if answer.kind == answers.RAISED and isinstance(answer.value, dict):
            self.end()
            raise CouldNotLoad(StudentRaised(answer.value))
        if self._keep_output:
            # Said anew after a hidden check, it could repeat what that had asked.
            self.loaded = loaded(answer.value)
        return self.loaded

    def end(self, *, natural: bool = False) -> None:
        """Close the room, if one is open, and keep what it printed."""
        room, self._room = self._room, None
        self._placed.clear()
        if room is None:
            return
        self.last_exit = room.end(natural=natural).exit
        self._output.append(room.output.text())
        self._output_cut = self._output_cut or room.output.dropped

    def printed(self) -> str:
        """What the student's code printed while it was loaded and during public checks."""
        text = plain("".join(self._output))
        return text + "\n[cut: more was printed]" if self._output_cut else text

    def hide_output(self) -> None:
        """From now on nothing printed is kept: hidden checks follow."""
        self._keep_output = False
        if self._room is not None:
            self._room.output.drain()
            self._room.output.keep = False

    def new_check(self) -> None:
        """A check begins: its transcript is empty, and a dead room is replaced before it asks."""
        self.entries = []
        self._last_function = ""
        self._placed.clear()

    # -- questions -------------------------------------------------------------------------------

    def ask(self, side: Side, operation: str, arguments: tuple[Any, ...], *, keep: bool = False) -> tuple[str, Any]:
        """One question; ("value" or "stop", value) of the answer."""
        function = side.function
        room = self._room_for(function)
        source = self._source(function)
        started = time.monotonic()
        asked = Told((operation, keep, ()))
        try:
            self._forget_dropped(room)
            own = function != LIBRARY
            question = asking(operation, arguments, number=side.number, keep=keep, function=source, own=own)
            asked = self._memory.question(question, partial(_described, side, operation, arguments, keep))
            said = room.ask(question, self._seconds(), self._take_placed())
            return self._judge(_Exchange(asked, *self._memory.answer(said, side.unpark)), source, side)
        except RoomError as error:
            self._lost(source, asked, error)
            raise
        finally:
            self._used_seconds += time.monotonic() - started

    def place(self, side: Side, operation: str, arguments: tuple[Any, ...], type_name: str) -> Any:
        """Have the room keep a value of the check's own, or what its snippet defines; what stands for that.

        It goes to the room with the next question. What fails there is that one's answer.
        """
        self._room_for(side.function)
        source = self._source(side.function)
        self._places += 1
        self._placed.append(placing(-self._places, operation, arguments, number=side.number, function=source))
        asked = Told(_described(side, operation, arguments, keep=True))
        handle = side.unpark(-self._places, type_name)
        self._note(source, asked, "value", Told(side.describe(handle)))
        return handle

    def _source(self, function: str) -> str:
        """The student's function that answers, or is behind the answer."""
        # What the room's library says after a call, such as "the input has changed", is that function's doing.
        if function != LIBRARY or not self._last_function:
            self._last_function = function
        return self._last_function

    def _take_placed(self) -> list[Question]:
        placed, self._placed = self._placed, []
        return placed

    def ask_each(self, side: Side, operation: str, several: Sequence[tuple[Any, ...]]) -> Iterator[tuple[str, Any]]:
        """Several questions about one function of the student's, answered one after another as by `ask`.

        They are put to the room together, for a turn between two processes costs as much as a small answer. A room that
        dies of it does not tell which one it died of: then each is asked by itself in a new room, as if nothing had
        been. What refers to this room's objects would mean nothing to that one, and is asked by itself at once.
        """
        questions = [asking(operation, arguments, number=side.number, function=side.function) for arguments in several]
        alone = all(question.alone for question in questions)
        done = 0
        while done < len(several):
            exchanges: list[_Exchange] = []
            if alone and self._together and len(several) - done > 1:
                exchanges = self._ask_together(side, operation, several[done:], questions[done:])
            if not exchanges:
                yield self.ask(side, operation, several[done])
                done += 1
            for exchange in exchanges:
                try:
                    judged = self._judge(exchange, side.function, side)
                except RoomError as error:
                    self._lost(side.function, exchange.asked, error)
                    raise
                yield judged
                done += 1

    def _ask_together(
        self, side: Side, operation: str, several: Sequence[tuple[Any, ...]], questions: Sequence[Question]
    ) -> list[_Exchange]:
        """What the first of several questions brought, of one at least; nothing where the room did not survive it."""
        room = self._room_for(side.function)
        self._last_function = side.function
        started = time.monotonic()
        try:
            self._forget_dropped(room)
            said = room.ask_several(questions, self._seconds(), self._take_placed())
            answered = [self._memory.answer(data, side.unpark) for data in said]
        except RoomError as error:
            # Once in an examination, and therefore not counted as the submission's time either.
            self._together = False
            self.end(natural=isinstance(error, RoomDied))
            return []
        self._used_seconds += time.monotonic() - started
        return [
            _Exchange(self._memory.question(question, partial(_described, side, operation, arguments)), *answer)
            for question, arguments, answer in zip(questions, several, answered, strict=False)
        ]

    def _room_for(self, function: str) -> RoomSession:
        """An open room, in which `function` may be asked."""
        self._refuse_if_hopeless(function)
        self._refuse_if_used_up()
        if self._room is None:
            self.begin()
            self._refuse_if_used_up()
        assert self._room is not None
        return self._room

    def _seconds(self) -> float:
        """How long an answer may take now."""
        return min(self._limits.call_seconds, self._limits.total_seconds - self._used_seconds)

    def _judge(self, exchange: _Exchange, function: str, side: Side) -> tuple[str, Any]:
        asked, answer, told = exchange
        self._count(answer)
        kind, value, seen, _ = answer
        if seen and function in self._problem.forbidden:
            self._note(function, asked, "lost")
            raise ForbiddenOperatorUsed(function, seen[0], self._problem.forbidden[function].say)
        if kind == answers.RAISED:
            if not isinstance(value, dict):
                raise WireError("an exception that is not of the protocol's form")
            raised = StudentRaised(value)
            raised.failed_place = self.loaded.lost.get(function, "")
            raised.because = self.loaded.failures.get(raised.failed_place, "")
            self._note(function, asked, "raised", Told((raised.type_name, raised.message)))
            raise raised
        if kind == answers.TOO_LARGE:
            self._note(function, asked, "lost")
            raise AnswerTooLarge(value)
        self._note(function, asked, "value", told or Told(side.describe(value)))
        return kind, value

    def _note(self, function: str, asked: Told, kind: str, answered: Told = NOTHING) -> None:
        self.entries.append(Entry(function, asked.value, kind, answered.value, asked.number, answered.number))

    def _refuse_if_hopeless(self, function: str) -> None:
        if self._strikes[function] >= _STRIKES:
            raise NotCalledAgain(function, self._deaths[function])

    def _refuse_if_used_up(self) -> None:
        if self._used_seconds >= self._limits.total_seconds:
            raise TimeUsedUp

    def _count(self, answer: Answer) -> None:
        self._used_bytes += answer.cost
        most_mb = _ALL_ANSWERS * self._limits.reply_mb
        if self._used_bytes > most_mb << 20:
            raise WireError(f"its answers together are larger than {most_mb} MB")

    def _lost(self, function: str, asked: Told, error: RoomError) -> None:
        self._note(function, asked, "lost")
        self._strikes[function] += 1
        self._deaths[function] = error
        self.end(natural=isinstance(error, RoomDied))

    def _forget_dropped(self, room: RoomSession) -> None:
        if len(self._dropped) < 64:
            return
        numbers, self._dropped = self._dropped, []
        room.ask(asking("forget", (numbers,), number=_refuse), self._limits.call_seconds)

    def drop(self, number: int, generation: int) -> None:
        """A handle is gone on this side; the room may let go of the object."""
        if generation == self.generation:
            self._dropped.append(number)

    @property
    def killed_for_memory(self) -> bool:
        """Whether the last room seems to have been killed by the kernel for want of memory."""
        return self.last_exit == _KILLED


def _refuse(value: object) -> int:
    raise TypeError(f"a {type(value).__name__} cannot be sent to the room")
