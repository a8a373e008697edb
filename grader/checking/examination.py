"""One submission under examination: its room, its time, its strikes, and a transcript of what it answered.

The room is opened when the examination begins and again after it died: an endless loop in one function costs the
checks that call this function, not those of the others. Two such deaths by the same function, and it is not
called again.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from grader.errors import RoomDied, RoomError, WireError
from grader.model import Limits, Problem, Submission
from grader.sandbox.session import RoomSession, Sandbox

LIBRARY = "library"
"""Stands for a function of the student's where a check asks the room's own library."""
_STRIKES = 2
_CELL = re.compile(r"cell \d+|In \[\d+\]")
"""What the room calls a notebook's cell."""
_KILLED = 128 + 9


class StudentRaised(Exception):
    """The student's code raised an exception; everything here is what the room says of it."""

    def __init__(self, described: dict[str, Any]) -> None:
        self.type_name = str(described.get("type", "?"))
        self.message = str(described.get("message", ""))
        self.out_of_memory = described.get("memory") is True
        self.missing_name = described.get("missing") is True
        self.unusable_notebook = described.get("unusable") is True
        self.failed_cell = ""
        """The failed notebook cell that the called function, or a part of it, should have come from."""
        self.because = ""
        """What went wrong in that cell."""
        syntax = described.get("syntax")
        self.syntax: dict[str, Any] | None = syntax if isinstance(syntax, dict) else None
        frames = described.get("frames")
        self.frames = [frame for frame in frames if _is_frame(frame)] if isinstance(frames, list) else []
        super().__init__(f"{self.type_name}: {self.message}" if self.message else self.type_name)

    def traceback(self) -> str:
        """The student's own frames, in Python's form."""
        if not self.frames:
            return ""
        lines = ["Traceback (most recent call last):"]
        for file, line, function, text in self.frames:
            place = file if _CELL.fullmatch(file) else f'File "{file}"'
            lines.append(f"  {place}, line {line}, in {function}")
            if text:
                lines.append(f"    {text}")
        return "\n".join([*lines, str(self)])


def _is_frame(value: Any) -> bool:
    return isinstance(value, tuple) and [type(part) for part in value] == [str, int, str, str]


class ForbiddenOperatorUsed(Exception):
    """A function of the student ran an operator of torch that the problem forbids it."""

    def __init__(self, function: str, operator: str, file: str, line: int, say: str) -> None:
        self.function, self.operator, self.file, self.line, self.say = function, operator, file, line, say
        super().__init__(f"{function} ran {operator}")


class AnswerTooLarge(Exception):
    """The student's function returned more than may leave the room."""


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


@dataclass
class Loaded:
    """What the room says of the module that it loaded."""

    names: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed_cells: dict[str, str] = field(default_factory=dict)
    """Notebook cell -> what went wrong in it."""
    lost: dict[str, str] = field(default_factory=dict)
    """Function of the stub -> the failed cell that it, or something it uses, should have come from."""


class Examination:
    """The state of grading one submission; what a check's proxies talk to."""

    def __init__(
        self, sandbox: Sandbox, problem: Problem, submission: Submission, *, warm: tuple[str, ...] = ()
    ) -> None:
        self._sandbox = sandbox
        self._problem = problem
        self._submission = submission
        self._limits: Limits = problem.limits
        self._warm = warm
        self._room: RoomSession | None = None
        self._used_seconds = 0.0
        self._strikes: Counter[str] = Counter()
        self._deaths: dict[str, RoomError] = {}
        self._keep_output = True
        self._output: list[str] = []
        self._output_cut = False
        self._dropped: list[int] = []
        self._last_function = ""
        self.generation = 0
        self.entries: list[Entry] = []
        self.walls: tuple[str, ...] = ()
        self.missing_walls: dict[str, str] = {}
        self.loaded = Loaded()
        self.cell_costs: dict[str, list[str]] = {}
        """Failed notebook cell -> titles of the checks that failed for want of it."""
        self.last_exit = 0

    # -- the room --------------------------------------------------------------------------------

    def begin(self) -> Loaded:
        """Open a room and load the submission. Raises `CouldNotLoad`, and HarnessError for our own faults."""
        watched = [pattern for rule in self._problem.forbidden.values() for pattern in rule.operators]
        room = self._sandbox.open(self._limits, warm=self._warm, watch=watched)
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
            kind, value, _ = room.ask(
                "load",
                arguments,
                seconds=self._limits.import_seconds,
                park=_refuse_to_park,
                unpark=lambda number, name: None,
            )
        except RoomError as error:
            self.end(natural=isinstance(error, RoomDied))
            raise CouldNotLoad(error, self.last_exit) from error
        finally:
            self._used_seconds += time.monotonic() - started
        if kind == "raised" and isinstance(value, dict):
            self.end()
            raise CouldNotLoad(StudentRaised(value))
        self.loaded = _loaded(value)
        return self.loaded

    def end(self, *, natural: bool = False) -> None:
        """Close the room, if one is open, and keep what it printed."""
        room, self._room = self._room, None
        if room is None:
            return
        self.last_exit = room.end(natural=natural)["exit"]
        self._output.append(room.output.text())
        self._output_cut = self._output_cut or room.output.dropped

    def printed(self) -> str:
        """What the student's code printed while it was loaded and during public checks."""
        text = "".join(self._output)
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

    # -- questions -------------------------------------------------------------------------------

    def ask(
        self,
        operation: str,
        arguments: tuple[Any, ...],
        *,
        function: str,
        park: Callable[[object], tuple[int, str]],
        unpark: Callable[[int, str], Any],
        describe: Callable[[Any], Any],
        keep: bool = False,
    ) -> tuple[str, Any]:
        """One question on behalf of the student's `function`; ("value" or "stop", value) of the answer.

        `describe` makes arguments comparable between examinations, for the transcript.
        """
        self._refuse_if_hopeless(function)
        if self._room is None:
            self.begin()
        room = self._room
        assert room is not None
        # What the room's library says after a call, such as "the input has changed", is that function's doing.
        source = self._last_function or function if function == LIBRARY else function
        self._last_function = source
        question = (operation, keep, describe(arguments))
        left = self._limits.total_seconds - self._used_seconds
        if left <= 0:
            raise TimeUsedUp
        started = time.monotonic()
        try:
            self._forget_dropped(room)
            kind, value, seen = room.ask(
                operation,
                arguments,
                seconds=min(self._limits.call_seconds, left),
                park=park,
                unpark=unpark,
                keep=keep,
            )
            return self._judge(kind, value, seen, source, question)
        except RoomError as error:
            self.entries.append(Entry(source, question, "lost", None))
            self._lost(source, error)
            raise
        finally:
            self._used_seconds += time.monotonic() - started

    def _judge(
        self, kind: str, value: Any, seen: list[tuple[str, str, int]], function: str, question: tuple[Any, ...]
    ) -> tuple[str, Any]:
        if seen and function in self._problem.forbidden:
            self.entries.append(Entry(function, question, "lost", None))
            operator, file, line = seen[0]
            raise ForbiddenOperatorUsed(function, operator, file, line, self._problem.forbidden[function].say)
        if kind == "raised" and isinstance(value, dict):
            raised = StudentRaised(value)
            raised.failed_cell = self.loaded.lost.get(function, "")
            raised.because = self.loaded.failed_cells.get(raised.failed_cell, "")
            self.entries.append(Entry(function, question, "raised", (raised.type_name, raised.message)))
            raise raised
        if kind == "too_large":
            self.entries.append(Entry(function, question, "lost", None))
            raise AnswerTooLarge(str(value))
        if kind not in ("value", "kept", "stop"):
            raise WireError(f"an answer of an unknown kind {kind[:40]!r}")
        self.entries.append(Entry(function, question, "value", value))
        return kind, value

    def _refuse_if_hopeless(self, function: str) -> None:
        if self._strikes[function] >= _STRIKES:
            raise NotCalledAgain(function, self._deaths[function])

    def _lost(self, function: str, error: RoomError) -> None:
        self._strikes[function] += 1
        self._deaths[function] = error
        self.end(natural=isinstance(error, RoomDied))

    def _forget_dropped(self, room: RoomSession) -> None:
        if len(self._dropped) < 64:
            return
        numbers, self._dropped = self._dropped, []
        room.ask(
            "forget",
            (numbers,),
            seconds=self._limits.call_seconds,
            park=_refuse_to_park,
            unpark=lambda number, name: None,
        )

    def drop(self, number: int, generation: int) -> None:
        """A handle is gone on this side; the room may let go of the object."""
        if generation == self.generation:
            self._dropped.append(number)

    @property
    def killed_for_memory(self) -> bool:
        """Whether the last room seems to have been killed by the kernel for want of memory."""
        return self.last_exit == _KILLED


def _refuse_to_park(value: object) -> tuple[int, str]:
    raise TypeError(f"a {type(value).__name__} cannot be sent to the room")


def _loaded(value: Any) -> Loaded:
    """The room's account of what it loaded, with anything that is not of that form left out."""
    if not isinstance(value, dict):
        return Loaded()
    return Loaded(
        _strings(value.get("names"), 1000, 200),
        _strings(value.get("notes"), 50, 600),
        _string_map(value.get("failed_cells")),
        _string_map(value.get("lost")),
    )


def _strings(value: Any, count: int, length: int) -> list[str]:
    return [item[:length] for item in value[:count] if isinstance(item, str)] if isinstance(value, list) else []


def _string_map(value: Any) -> dict[str, str]:
    items = list(value.items())[:100] if isinstance(value, dict) else []
    return {key[:100]: item[:600] for key, item in items if isinstance(key, str) and isinstance(item, str)}
