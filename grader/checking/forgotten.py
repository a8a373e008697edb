"""A forgotten `return`, told as that wherever it shows: at the function itself, or at one that uses what it returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.checking.api.compare import MismatchError
from grader.checking.session.claims import ForbiddenOperatorUsed, StudentRaised
from grader.checking.session.transcript import LIBRARY, TranscriptEntry
from grader.errors import RoomError

_KEPT_NONE = ("handle", "NoneType")


def forgotten_return(
    raised: BaseException | None,
    entries: Sequence[TranscriptEntry],
    returning: Sequence[str],
    silent: Mapping[str, tuple[str, ...]],
) -> str:
    """The student's function that returned None and should not have; empty where a check failed of something else.

    Args:
        raised: what the check raised.
        entries: what the check has asked so far.
        returning: functions of the stub that return something.
        silent: function of the stub -> functions that it uses, itself included, that never return anything.
    """
    match raised:
        case StudentRaised(type_name="TypeError" | "AttributeError") if "'NoneType'" in raised.message:
            return _used(raised, entries, returning, silent)
        case StudentRaised() | ForbiddenOperatorUsed() | RoomError():
            return ""
        case Exception():
            nothing = [name for entry in entries if (name := _called(entry)) in returning and _is_none(entry)]
            if isinstance(raised, AssertionError) and not isinstance(raised, MismatchError):
                # The check's own sentence may well be about None, as where an exception is asked for.
                nothing = [name for name in nothing if name in silent.get(name, ())]
            return next(iter(nothing), "")
    return ""


def _used(
    raised: StudentRaised, entries: Sequence[TranscriptEntry], returning: Sequence[str], silent: Mapping[str, Any]
) -> str:
    """The silent function that the line which raised calls, else one of the stub's."""
    candidates = silent.get(entries[-1].function, ()) if entries else ()
    line = raised.frames[-1].text if raised.frames else ""
    called = [name for name in candidates if f"{name}(" in line]
    return next(iter([*called, *(name for name in candidates if name in returning)]), "")


def _called(entry: TranscriptEntry) -> str:
    kind, _, about = entry.question
    called = about[0] if kind == "CallFunction" and entry.function != LIBRARY else ""
    return called if isinstance(called, str) else ""


def _is_none(entry: TranscriptEntry) -> bool:
    if entry.kind != "value":
        return False
    # A numpy array, alone or in a tuple, has more to say to `==` than yes or no.
    value = entry.value
    return value is None or (
        isinstance(value, tuple) and all(type(item) is str for item in value) and value == _KEPT_NONE
    )
