"""Points for the parts of one check: what a part raises costs that part's points, and the check goes on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from grader.checking.session.budget import TimeUsedUp
from grader.checking.session.lodging import CouldNotLoad
from grader.errors import GraderError, ProblemFileError, RoomError

_ROUNDING = 1e-6


class Credit:
    """The fixture `credit`: ``with credit(0.5): …`` is a part of the check that is worth half a point."""

    def __init__(self) -> None:
        self.earned = 0.0
        """Points of the parts that came off well."""
        self._worth = 0.0
        self._failed: BaseException | None = None

    @contextlib.contextmanager
    def __call__(self, points: float) -> Iterator[None]:
        if not 0 < points < float("inf"):
            raise ValueError(f"a part is worth more than 0 points, not {points:g}")
        self._worth += points
        try:
            yield
        except (Exception, pytest.fail.Exception) as error:
            if not _is_the_submissions(error):
                raise
            self._failed = self._failed or error
        else:
            self.earned += points

    def ended(self, raised: BaseException | None, check: str, points: float) -> BaseException | None:
        """What the check of this name and so many points comes to: what it raised, or its first part that failed."""
        if raised is not None or self._failed is not None:
            return raised or self._failed
        if self._worth and abs(self._worth - points) > _ROUNDING:
            return ProblemFileError(
                f"the parts of {check} are worth {self._worth:g} points, and the check is worth {points:g}"
            )
        return None


def _is_the_submissions(error: BaseException) -> bool:
    if isinstance(error, GraderError):
        return isinstance(error, RoomError)
    return not isinstance(error, (TimeUsedUp, CouldNotLoad, NameError, ImportError))
