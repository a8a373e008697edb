"""Which failures of a grade are one and the same mistake.

A wrong dtype, a missing function, the same exception on the same line: a report tells each once, with the number of
checks that share it. Wrong values are mistakes of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from grader.model import CheckResult, Outcome, Visibility

# A file's frame is `File "a.py", line 3, in f`; a notebook's, `cell 2, line 3, in f`.
_FRAME = re.compile(r"^  (?P<file>(?! ).+?), line (?P<line>\d+), in (?P<function>.+)$", re.MULTILINE)
_TEXT = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""")
_UNWRITTEN = "not written yet"


def unwritten(check: CheckResult) -> bool:
    """Whether the check met a function that is still the stub's. Nobody knows that of a hidden check."""
    return check.outcome is Outcome.ERROR and check.message.startswith(_UNWRITTEN)


def unwritten_functions(checks: Iterable[CheckResult]) -> list[str]:
    """The functions that are still the stub's, in the order in which checks met them."""
    found = (frames[-1]["function"] for check in checks if unwritten(check) and (frames := _frames(check)))
    return list(dict.fromkeys(found))


def cause(check: CheckResult) -> tuple[str, ...] | None:
    """What two failures have in common if they are one mistake; None for one of its own, and for hidden checks."""
    if check.outcome is Outcome.PASSED or check.visibility is Visibility.HIDDEN:
        return None
    mismatch = check.mismatch
    if mismatch is not None:
        function = _without_arguments(mismatch.called)
        sizes = {shape.role: len(shape.sizes) for shape in mismatch.shapes if shape.role != "input"}
        if mismatch.kind in ("type", "dtype"):
            return mismatch.kind, function
        if mismatch.kind == "shape" and len(set(sizes.values())) > 1:
            return "axes", function, str(sizes.get("actual"))
        return None
    frames = _frames(check)
    if frames:
        last = check.traceback.rstrip().rpartition("\n")[2].partition(":")[0]
        return "raised", last, frames[-1]["file"], frames[-1]["line"]
    return ("said", check.message) if check.message else None


def first_failure(checks: Sequence[CheckResult]) -> CheckResult | None:
    """The failure to mend first: the first, in the problem's order, that can be shown.

    Functions that are not written yet come after those. Hidden checks, which may fail for want of them, come last.
    """
    failed = [check for check in checks if check.outcome is not Outcome.PASSED]
    order = (
        lambda check: check.visibility is Visibility.PUBLIC and not unwritten(check),
        unwritten,
        lambda check: check.visibility is Visibility.HIDDEN,
    )
    shown = [check for wanted in order for check in failed if wanted(check)]
    return next(iter(shown or failed), None)


def with_cause_of(first: CheckResult, checks: Iterable[CheckResult]) -> list[CheckResult]:
    """The other failures that go with `first`."""
    shared = cause(first)
    return [check for check in checks if check is not first and shared is not None and cause(check) == shared]


def _frames(check: CheckResult) -> list[re.Match[str]]:
    return list(_FRAME.finditer(check.traceback))


def _without_arguments(called: str) -> str:
    """What was called, or read of what a call gave: ``Tokenizer.encode`` of ``Tokenizer("a").encode("b"), item 3,``."""
    head, opened, rest = called.partition("(")
    name, depth = head, 1
    for letter in _TEXT.sub("", rest) if opened else "":
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif depth == 0:
            if not (letter.isalnum() or letter in "._"):
                break
            name += letter
    return name
