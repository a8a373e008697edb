"""Values of a hypothesis strategy: a fixed series, small first, and the smallest of a kind.

Hypothesis builds values from a series of choices, and shrinks a value by making its choices simpler. The choices are
made here, by a backend of our own: always the same ones, whatever the machine, and near the simplest at first. Its
usual ones would be mixed with numbers that stand in the sources of loaded modules; hidden checks are among those.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, errors, given, seed, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.internal.conjecture import providers
from hypothesis.strategies import SearchStrategy

from grader.common.caches import cache_folder

_Value = TypeVar("_Value")
_BACKEND = "torchgrade"
_WIDEN_AFTER = 15
"""After so many more values, choices may go one step further from the simplest."""
_ANYWHERE = 0.15
"""How often, at the end of a series, a choice is any that is possible."""
_FAR = 40
"""As far as a choice goes from the simplest, where it has no bounds."""

Choices = tuple[Any, ...]


class Generated(NamedTuple):
    """A value and the choices that lead to it."""

    value: Any
    choices: Choices


class _Fresh:
    """Makes choices, and keeps those of the value under way."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._number = 0
        self._random = random.Random(0)
        self.made: list[Any] = []

    def begin(self) -> None:
        self._number += 1
        self._random = random.Random(self._number)
        self.made = []

    def choose(self, least: int, most: int, simplest: int) -> int:
        near = 1 + self._number // _WIDEN_AFTER
        if self._random.random() >= _ANYWHERE * self._number / self._count:
            least, most = max(least, simplest - near), min(most, simplest + near)
        return self.note(self._random.randint(least, most))

    def flip(self, share: float) -> bool:
        return self.note(self._random.random() < share)

    def note(self, choice: _Value) -> _Value:
        self.made.append(choice)
        return choice


class _Again:
    """Makes the choices that were made before."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._left: Iterator[Any] = iter(())

    def begin(self) -> None:
        self._left = iter(self._choices)

    def choose(self, least: int, most: int, simplest: int) -> int:
        return int(next(self._left, simplest))

    def flip(self, share: float) -> bool:
        return bool(next(self._left, False))


class _Backend(providers.PrimitiveProvider):
    """What hypothesis asks for choices, in place of its own."""

    source: _Fresh | _Again

    def per_test_case_context_manager(self) -> AbstractContextManager[None]:
        self.source.begin()
        return nullcontext()

    def draw_boolean(self, p: float = 0.5) -> bool:
        return p > 0 and (p >= 1 or self.source.flip(p))

    def draw_integer(
        self,
        min_value: int | None = None,
        max_value: int | None = None,
        *,
        weights: dict[int, float] | None = None,
        shrink_towards: int = 0,
    ) -> int:
        simplest = max(shrink_towards, min_value if min_value is not None else shrink_towards)
        simplest = min(simplest, max_value if max_value is not None else simplest)
        least = min_value if min_value is not None else simplest - _FAR
        most = max_value if max_value is not None else simplest + _FAR
        return self.source.choose(least, most, simplest)

    def draw_float(
        self,
        *,
        min_value: float = -math.inf,
        max_value: float = math.inf,
        allow_nan: bool = True,
        smallest_nonzero_magnitude: float,
    ) -> float:
        least, most = max(min_value, -float(_FAR)), min(max_value, float(_FAR))
        if math.ceil(least) > math.floor(most):  # No whole number lies between: one of the ends.
            return most if self.source.flip(0.5) else least
        whole = self.draw_integer(math.ceil(least), math.floor(most))
        return float(whole)

    def draw_string(self, intervals: Any, *, min_size: int = 0, max_size: int = 10**10) -> str:
        length = self.source.choose(min_size, min(max_size, min_size + 8), min_size)
        return "".join(
            intervals.char_in_shrink_order(self.source.choose(0, len(intervals) - 1, 0)) for _ in range(length)
        )

    def draw_bytes(self, min_size: int = 0, max_size: int = 10**10) -> bytes:
        length = self.source.choose(min_size, min(max_size, min_size + 8), min_size)
        return bytes(self.source.choose(0, 255, 0) for _ in range(length))


providers.AVAILABLE_PROVIDERS[_BACKEND] = f"{__name__}._Backend"
# Strategies of text keep tables of characters in a folder, by default in the one that somebody grades in.
set_hypothesis_home_dir(cache_folder() / "hypothesis")
# Where shrinking has to guess, hypothesis guesses by itself: without those numbers from sources.
providers.HypothesisProvider._maybe_draw_constant = (  # type: ignore[method-assign]
    lambda self, choice_type, constraints, *, p=0.05: None
)


class _Wanted(Exception):
    """Tells hypothesis that the value is one that is looked for."""


class _TriesUsed(BaseException):
    """Ends the search. No `Exception`: hypothesis would take it for another find."""


def series(strategy: SearchStrategy[Any], count: int) -> list[Generated]:
    """At most `count` values of a strategy, always the same ones; fewer where it has no more."""
    _Backend.source = source = _Fresh(count)
    values: list[Generated] = []

    def take(value: Any) -> None:
        values.append(Generated(value, tuple(source.made)))

    _driven(strategy, take, count, (Phase.generate,))
    return values


def shrink(strategy: SearchStrategy[Any], choices: Choices, wanted: Callable[[Any], bool], most_tries: int) -> None:
    """Ask `wanted` about simpler and simpler values, beginning with the one that has these `choices`.

    It may end the search with any `BaseException` that is no `Exception`, which is then raised.
    """
    _Backend.source = _Again(choices)
    tries = 0

    def ask(value: Any) -> None:
        nonlocal tries
        tries += 1
        if tries > most_tries:
            raise _TriesUsed
        if wanted(value):
            raise _Wanted

    try:
        # The first value of all is the simplest there is, and the second the one with the choices.
        _driven(strategy, ask, 2, (Phase.generate, Phase.shrink))
    except (_Wanted, _TriesUsed, errors.Flaky):
        return  # Flaky: asked again it is not wanted any more, as with a submission that draws lots.


def _driven(strategy: SearchStrategy[Any], take: Callable[[Any], None], count: int, phases: tuple[Phase, ...]) -> None:
    @seed(0)
    @settings(
        backend=_BACKEND,
        max_examples=count,
        phases=phases,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(strategy)
    def run(value: Any) -> None:
        take(value)

    run()
