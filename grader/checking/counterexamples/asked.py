"""What hidden checks ask, so that no example is one of their inputs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable

from grader.checking.counterexamples.inputs import Case, plainly
from grader.checking.recognition.sameness import same
from grader.checking.session.sketch import sketched
from grader.checking.session.transcript import Transcript
from grader.sandbox.operations import CallFunction

SignatureOf = Callable[[str], inspect.Signature | None]


class AskedByChecks:
    """The calls that hidden checks make."""

    def __init__(self, reference: Transcript, hidden: Iterable[str], signature_of: SignatureOf) -> None:
        self._calls: dict[str, list[tuple[object, ...]]] = {}
        for entry in (entry for check in hidden for entry in reference.get(check, ())):
            operation, _, asked = entry.question
            if operation == CallFunction.__name__ and asked[0] == entry.function:
                _, args, kwargs = asked
                known = self._calls.setdefault(entry.function, [])
                known.append(plainly(args, kwargs, signature_of(entry.function)))

    def has(self, case: Case) -> bool:
        """Whether a hidden check makes the same call."""
        mine = sketched((case.args, case.kwargs))
        return any(same(mine, theirs) for theirs in self._calls.get(case.function, ()))
