"""From a submission to its smallest counterexample.

For each function there is a series of inputs with the reference's answers, worked out once and sorted by size. They are
put to a submission in that order, many in one go; the first that it answers wrongly is then shrunk, one question after
another.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, NamedTuple

import torch

from grader.checking.counterexamples.asked import AskedByChecks
from grader.checking.counterexamples.differing import difference
from grader.checking.counterexamples.inputs import Case, Inputs
from grader.checking.counterexamples.own_room import Answered, Enough, OwnRoom
from grader.checking.tolerance import Reference
from grader.common.walk import leaves
from grader.model import Mismatch

_SERIES = 160
_TOGETHER = 32
_MOST_TRIES = 150

_Weight = tuple[int, float, str]


class Input(NamedTuple):
    """An input of the series."""

    case: Case
    choices: tuple[Any, ...]
    expected: Any


class WrongAnswer(NamedTuple):
    """An input on which an answer is wrong."""

    case: Case
    said: Answered
    mismatch: Mismatch


class ReferenceRaised(Exception):
    """The reference has no answer to an input, which its author says is legal."""

    def __init__(self, case: Case, error: Exception) -> None:
        self.case, self.error = case, error
        super().__init__(case.function)


class Search:
    """What a problem's inputs are good for."""

    def __init__(self, inputs: Inputs, solution: Any) -> None:
        self._inputs = inputs
        self._solution = solution
        self._reference = Reference(solution)
        self._series: dict[str, list[Input]] = {}
        self.forgotten = inputs.forgotten
        """Functions of the stub that have no inputs, and nobody says why."""

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that have inputs."""
        return tuple(self._inputs.strategies)

    def case(self, function: str, generated: Any) -> Case:
        """A generated value as a call."""
        return self._inputs.case(function, generated, signature_in(self._solution, function))

    def answer(self, case: Case) -> Any:
        """The reference's answer. Raises `ReferenceRaised`."""
        try:
            made = getattr(self._reference, case.function)(*case.args, **case.kwargs)
            return made if case.then is None else made(*case.then)
        except Exception as error:
            raise ReferenceRaised(case, error) from error

    def series(self, function: str) -> list[Input]:
        """The inputs of a function, small first. Raises `ReferenceRaised`."""
        if function not in self._series:
            from grader.checking.counterexamples import generating

            found: dict[str, tuple[_Weight, Input]] = {}
            for value, choices in generating.series(self._inputs.strategies[function], _SERIES):
                case = self.case(function, value)
                weight = _weight(case)
                if weight[-1] not in found:
                    found[weight[-1]] = weight, Input(case, choices, self.answer(case))
            self._series[function] = [each for _, each in sorted(found.values(), key=lambda pair: pair[0])]
        return self._series[function]

    def smallest(
        self,
        room: OwnRoom,
        function: str,
        asked: AskedByChecks | None,
        wrong: Callable[[WrongAnswer], bool] | None = None,
    ) -> WrongAnswer | None:
        """The smallest input of `function` that is answered wrongly; None where none is.

        Nothing that hidden checks have `asked` is tried; `wrong` may ask for more than that an answer differs.
        """
        series = iter([each for each in self.series(function) if asked is None or not asked.has(each.case)])
        try:
            while several := list(islice(series, _TOGETHER)):
                answers = room.ask_each([each.case for each in several])
                for each, said in zip(several, answers, strict=True):
                    found = self._wrong(each.case, each.expected, said)
                    if found is not None and (wrong is None or wrong(found)):
                        return self._shrunk(room, found, each.choices, asked, wrong)
        except Enough:
            pass
        return None

    def _shrunk(
        self,
        room: OwnRoom,
        first: WrongAnswer,
        choices: tuple[Any, ...],
        asked: AskedByChecks | None,
        wrong: Callable[[WrongAnswer], bool] | None,
    ) -> WrongAnswer:
        from grader.checking.counterexamples import generating

        best = first
        function = first.case.function

        def is_wrong(generated: Any) -> bool:
            nonlocal best
            case = self.case(function, generated)
            if asked is not None and asked.has(case):
                return False
            try:
                expected = self.answer(case)
            except ReferenceRaised:
                return False
            found = self._wrong(case, expected, room.ask(case))
            if found is None or (wrong is not None and not wrong(found)):
                return False
            if _weight(case)[:2] <= _weight(best.case)[:2]:
                best = found
            return True

        try:
            generating.shrink(self._inputs.strategies[function], choices, is_wrong, _MOST_TRIES)
        except Enough:
            pass  # Whatever is the smallest so far.
        return best

    def _wrong(self, case: Case, expected: Any, said: Answered | None) -> WrongAnswer | None:
        if said is None:
            return None
        mismatch = difference(case, expected, said, self._inputs.window(case))
        return None if mismatch is None else WrongAnswer(case, said, mismatch)


def signature_in(solution: Any, function: str) -> inspect.Signature | None:
    """What the solution's function takes; None where that cannot be told."""
    try:
        return inspect.signature(getattr(solution, function))
    except (AttributeError, TypeError, ValueError):
        return None


def _weight(case: Case) -> _Weight:
    """How large an input is: how many numbers, how large they are, and all of it in words."""
    numbers = [leaf for part in (case.args, case.kwargs, case.then or ()) for leaf in leaves(part)]
    count, size = 0, 0.0
    for leaf in numbers:
        one, other = _measure(leaf)
        count, size = count + one, size + other
    return count, size, repr((case.function, _frozen(case.args), _frozen(case.kwargs), _frozen(case.then)))


def _measure(leaf: Any) -> tuple[int, float]:
    if isinstance(leaf, torch.Tensor):
        return leaf.numel(), float(leaf.detach().double().abs().sum())
    if isinstance(leaf, torch.nn.Module):
        return 1 + sum(parameter.numel() for parameter in leaf.parameters()), 0.0
    if isinstance(leaf, (int, float)):
        return 1, abs(float(leaf))
    return 1, float(len(leaf)) if isinstance(leaf, (str, bytes)) else 0.0


def _frozen(value: Any) -> Any:
    """A value in words. Two different values have different words."""
    if isinstance(value, torch.Tensor):
        return str(value.dtype), tuple(value.shape), value.tolist()
    if isinstance(value, (tuple, list)):
        return type(value).__name__, [_frozen(item) for item in value]
    if isinstance(value, dict):
        return [(key, _frozen(item)) for key, item in value.items()]
    if isinstance(value, torch.nn.Module):
        return repr(value), [(name, _frozen(each.detach())) for name, each in value.named_parameters()]
    return repr(value)


def in_order(functions: Iterable[str], search: Search) -> list[str]:
    """Those of `functions` that have inputs, each once."""
    return [function for function in dict.fromkeys(functions) if function in search.functions]
