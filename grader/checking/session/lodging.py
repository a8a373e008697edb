"""The rooms of one submission, one after another.

The first one is opened when the examination begins, and a further one after it died: an endless loop in one function
costs the checks that call this function, not those of the others.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import NoReturn

from grader.checking.session.budget import Budget
from grader.checking.session.claims import Loaded, StudentRaised, loaded
from grader.checking.session.output import Printed
from grader.errors import RoomDied, RoomError
from grader.model import Problem, Submission
from grader.problem.given import read_given
from grader.problem.packages import importable
from grader.sandbox import replies
from grader.sandbox.operations import Forget, Load
from grader.sandbox.questions import asking
from grader.sandbox.replies import Reply
from grader.sandbox.session import Rooms, RoomSession

_KILLED = 128 + 9
_MOST_DROPPED = 64
_AT_THE_TOP = re.compile(r'^  File "([^"\n]{1,500})", line ([0-9]{1,7}) in <module>$', re.MULTILINE)


class CouldNotLoad(Exception):
    """The submission could not be loaded; `cause` is a StudentRaised or a RoomError."""

    def __init__(self, cause: Exception, exit_code: int = 0) -> None:
        self.cause = cause
        self.exit_code = exit_code
        super().__init__(str(cause))


def crashed_at(report: str) -> tuple[str, int] | None:
    """(file or cell, line) outside functions at which the interpreter crashed, as its fault handler tells it.

    The innermost of the submission's own: a file beside it, rather than the line that imports it. A submission may
    print the same. It gains nothing by it but that its own line is not run.
    """
    places = _AT_THE_TOP.findall(report)
    own = ((file, int(line)) for file, line in places if not os.path.isabs(file) and not file.startswith("<"))
    return next(own, None)


class Lodging:
    """Opens a submission's rooms, and ends them."""

    def __init__(
        self, sandbox: Rooms, problem: Problem, submission: Submission, budget: Budget, warm: Sequence[str]
    ) -> None:
        self._sandbox = sandbox
        self._problem = problem
        self._submission = submission
        self._budget = budget
        self._warm = warm
        self._room: RoomSession | None = None
        self._dropped: list[int] = []
        self._last_exit = 0
        self.output = Printed(problem.limits.output_kb << 10)
        self.generation = 0
        """Counts the rooms: this one knows nothing of an earlier one's objects."""
        self.walls: tuple[str, ...] = ()
        self.missing_walls: dict[str, str] = {}
        self.loaded = Loaded()
        self._aside: list[tuple[str, int]] = []

    def open(self) -> None:
        """Open a room and load the submission. Raises `CouldNotLoad`, and HarnessError for our own faults."""
        watched = [
            pattern for rules in self._problem.forbidden.values() for rule in rules for pattern in rule.operators
        ]
        room = self._sandbox.open(self._problem.limits, warm=self._warm, watch=watched)
        self._room = room
        self.generation += 1
        self.output.attach(room.output)
        self.walls, self.missing_walls = room.walls, room.missing
        try:
            with self._budget.spending():
                reply = self._load(room)
        except RoomError as error:
            self.end(natural=isinstance(error, RoomDied))
            place = crashed_at(self.output.crash())
            if place is not None and place not in self._aside and self._budget.may_load_again():
                self._aside.append(place)
                self.output.take_back()
                self.open()
                return
            raise CouldNotLoad(error, self._last_exit) from error
        if reply.kind == replies.RAISED and isinstance(reply.value, dict):
            self.end()
            raise CouldNotLoad(StudentRaised(reply.value))
        if self.output.kept:
            # Said anew after a hidden check, it could repeat what that had asked.
            self.loaded = loaded(reply.value)

    def _load(self, room: RoomSession) -> Reply:
        submission, seconds = self._submission, self._problem.limits.import_seconds
        operation = Load(
            submission.main.name,
            submission.main.content,
            [(file.name, file.content) for file in submission.extra],
            list(self._problem.names),
            seconds,
            read_given(self._problem),
            importable(self._problem.requirements),
            {
                name: [(list(rule.operators), rule.at_most) for rule in rules]
                for name, rules in self._problem.forbidden.items()
            },
            self._aside,
            self._problem.objects,
        )
        said = room.ask(asking(operation, number=_refuse), seconds)
        return replies.decode(said, lambda number, name: None)

    def room(self) -> RoomSession:
        """The open room; a new one where the last one has ended."""
        if self._room is None:
            self.open()
        assert self._room is not None
        return self._room

    def is_open(self, room: RoomSession) -> bool:
        """Whether this room is the open one."""
        return self._room is room

    def end(self, *, natural: bool = False) -> None:
        """End the room, if one is open, and keep what it printed. `natural` says that it has died by itself."""
        room, self._room = self._room, None
        if room is None:
            return
        self._last_exit = room.end(natural=natural).exit
        self.output.collect(room.output)

    def hide_output(self) -> None:
        """From now on nothing printed is kept: hidden checks follow."""
        self.output.hide(self._room.output if self._room is not None else None)

    def drop(self, number: int, generation: int) -> None:
        """A handle is gone on this side; the room may let go of the object."""
        if generation == self.generation:
            self._dropped.append(number)

    def forget_dropped(self, room: RoomSession) -> None:
        """Tell the room of dropped handles, once they are many."""
        if len(self._dropped) < _MOST_DROPPED:
            return
        numbers, self._dropped = self._dropped, []
        room.ask(asking(Forget(numbers), number=_refuse), self._problem.limits.call_seconds)

    @property
    def killed_for_memory(self) -> bool:
        """Whether the last room seems to have been killed by the kernel for want of memory."""
        return self._last_exit == _KILLED


def _refuse(value: object) -> NoReturn:
    raise TypeError(f"a {type(value).__name__} cannot be sent to the room")
