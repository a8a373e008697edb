"""An exception that a check expects of the student's code: `raising`, and `caught` for an ``except`` of its own."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from grader.checking import calls
from grader.checking.session.claims import StudentRaised
from grader.sandbox.values import class_name

_UNWRITTEN = "NotImplementedError"


class raising:  # noqa: N801  It is used as a word, like pytest's.
    """Fail unless what is asked inside raises an exception of this class, or of one that is made from it.

    `kind` is a class, or the name of one of the student's own. A function that is missing, or not written yet, needs a
    library that is not there or too much memory, raises nothing that was expected. Afterwards `value` is what was
    raised.
    """

    value: StudentRaised

    def __init__(self, kind: type[BaseException] | str) -> None:
        self.kind = kind if isinstance(kind, str) else class_name(kind)
        self._before: calls.Call | None = None

    def __enter__(self) -> Self:
        self._before = calls.last_call()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        __tracebackhide__ = True
        if error is None:
            raise AssertionError(f"{self._asked()}raised nothing; expected {self.kind}")
        if not isinstance(error, StudentRaised) or not _counts(error, self.kind):
            return False
        if self.kind not in error.kinds:
            raise AssertionError(f"{self._asked()}raised {error}; expected {self.kind}") from None
        self.value = error
        return True

    def _asked(self) -> str:
        """The last call that was made inside."""
        last = calls.last_call()
        return f"{last.text} " if last is not None and last is not self._before else ""


def caught(kind: type[BaseException] | tuple[type[BaseException], ...]) -> tuple[type[BaseException], ...]:
    """What ``except caught(ValueError):`` catches: that exception, here or in the student's code, as `raising` has it.

    To be called behind `except` alone: it looks at the exception that is being handled.
    """
    kinds = kind if isinstance(kind, tuple) else (kind,)
    error = sys.exc_info()[1]
    if isinstance(error, StudentRaised):
        names = [class_name(each) for each in kinds]
        return (StudentRaised,) if any(name in error.kinds and _counts(error, name) for name in names) else ()
    return kinds


def _counts(error: StudentRaised, kind: str) -> bool:
    """Whether the exception is one of the student's function, and not for want of the function or of something else."""
    unwritten = error.type_name == _UNWRITTEN and kind != _UNWRITTEN
    return not (unwritten or error.missing_name or error.absent_library or error.out_of_memory or error.while_placing)
