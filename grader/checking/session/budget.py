"""What one submission may cost: time, bytes of replies, and rooms that die of it."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Iterator

from grader.errors import RoomError, WireError
from grader.model import Limits

_STRIKES = 2
# Each statement outside functions that crashes the interpreter costs a room.
_MOST_CRASHES = 8
# All replies to one submission together may take so many times what a single one may: they are kept until somebody has
# looked for the misconceptions.
_ALL_REPLIES = 8


class NotCalledAgain(Exception):
    """A function that has cost two rooms is not called again."""

    def __init__(self, function: str, error: RoomError) -> None:
        self.function, self.error = function, error
        super().__init__(function)


class TimeUsedUp(Exception):
    """The submission has used the time that the problem gives it."""


class Budget:
    """What is left of a submission's limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._seconds = 0.0
        self._crashes = 0
        self._bytes = 0
        self._strikes: Counter[str] = Counter()
        self._deaths: dict[str, RoomError] = {}

    def refuse_hopeless(self, function: str) -> None:
        """Raise `NotCalledAgain` for a function that has had its strikes."""
        if self._strikes[function] >= _STRIKES:
            raise NotCalledAgain(function, self._deaths[function])

    def refuse_used_up(self) -> None:
        """Raise `TimeUsedUp` where no time is left."""
        if self._seconds >= self._limits.total_seconds:
            raise TimeUsedUp

    def may_load_again(self) -> bool:
        """Whether a file whose loading has crashed the interpreter is loaded once more; asked once for each crash.

        All loading together takes less than twice the time that a problem gives it.
        """
        self._crashes += 1
        return self._crashes <= _MOST_CRASHES and self._seconds < self._limits.import_seconds

    def call_seconds(self) -> float:
        """How long a reply may take now."""
        return min(self._limits.call_seconds, self._limits.total_seconds - self._seconds)

    @contextlib.contextmanager
    def spending(self) -> Iterator[None]:
        """Count the time that passes inside as the submission's."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.spend(time.monotonic() - started)

    def spend(self, seconds: float) -> None:
        """Count seconds as the submission's."""
        self._seconds += seconds

    def take(self, count: int) -> None:
        """Count the bytes of a reply. Raises `WireError` where all of them together are too many."""
        self._bytes += count
        most_mb = _ALL_REPLIES * self._limits.reply_mb
        if self._bytes > most_mb << 20:
            raise WireError(f"its answers together are larger than {most_mb} MB")

    def strike(self, function: str, error: RoomError) -> None:
        """A room died while `function` was asked."""
        self._strikes[function] += 1
        self._deaths[function] = error
