"""Results written behind the desk's pages: whoever adjusts a grade does not wait for the files of the class.

What is decided is in adjustments.csv before the page says so, and every page of the desk shows it. One thread then lets
`grade adjust DIR` write the results, once for however many decisions have come meanwhile. What hands results on waits
for it. A desk that is killed before that leaves results of before, and so does whoever edits adjustments.csv or
course.yaml: each export says so, and a desk that begins, or is to hand results on, writes them first.
"""

from __future__ import annotations

import threading
import time

from grader.batch.again import lack
from grader.desk.class_state import Classroom
from grader.desk.commands import Commands, positional
from grader.errors import UsageError

_LOOK_SECONDS = 0.5
_MOMENT_SECONDS = 3.0
"""That another command may be at work before it is told."""
_RETRY_SECONDS = 5.0
_GOODBYE_SECONDS = 60.0
_PATIENCE_SECONDS = 60.0


class Publishing:
    """Writes results when they are due. Threads may share it."""

    def __init__(self, classroom: Classroom, commands: Commands) -> None:
        self._classroom = classroom
        self._commands = commands
        self._changed = threading.Condition()
        self._asked = self._written = 0
        self._closing = False
        self.wrong = ""
        """Why results could not be written, at the last attempt."""
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def due(self) -> None:
        """Something was decided that is not in the results yet."""
        with self._changed:
            self._asked += 1
            self._changed.notify_all()

    def catch_up(self) -> None:
        """Have the results written where they lack what was decided elsewhere, or by a desk that was killed."""
        if not self.behind and not self._classroom.at_work and any(lack(self._classroom.state().batch)):
            self.due()

    @property
    def behind(self) -> bool:
        """Whether the results lack something that was decided here."""
        return self._written < self._asked

    def settle(self, seconds: float = _PATIENCE_SECONDS) -> None:
        """Wait until the results have all that was decided. Raises UsageError where they do not get it."""
        self.catch_up()
        with self._changed:
            self._changed.wait_for(lambda: not self.behind or bool(self.wrong), seconds)
            if self.behind:
                why = self.wrong or "they are being written"
                raise UsageError(f"the last adjustments are kept, but not in the results yet: {why}")

    def close(self) -> bool:
        """Write what is due, and end; whether the results have everything."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(_GOODBYE_SECONDS)
        return not self.behind

    def _work(self) -> None:
        since = time.monotonic()
        while True:
            with self._changed:
                if not self.behind:
                    self._changed.wait_for(lambda: self.behind or self._closing)
                    since = time.monotonic()
                if not self.behind:
                    return
                asked, closing = self._asked, self._closing
            if self._classroom.at_work:
                self._wait(time.monotonic() - since)
                if closing:
                    return
                continue
            ran = self._commands.run("adjust", *positional(self._classroom.directory))
            with self._changed:
                self.wrong = "" if ran.well else ran.told or "the command that writes them was ended"
                if ran.well:
                    self._written = asked
                self._changed.notify_all()
                if not ran.well:
                    if closing:
                        return
                    self._changed.wait_for(lambda: self._closing, _RETRY_SECONDS)
                since = time.monotonic()

    def _wait(self, waited: float) -> None:
        """Wait for another command, which writes results itself when it is done, by the adjustments of then."""
        with self._changed:
            if waited > _MOMENT_SECONDS:
                self.wrong = f"a command is at work in {self._classroom.directory}"
                self._changed.notify_all()
            self._changed.wait_for(lambda: self._closing, _LOOK_SECONDS)
