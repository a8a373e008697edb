"""inputs.py of a problem: what its functions may be given, and calls in the form in which they are made and told."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from grader.checking.api.compare import WindowOf
from grader.checking.api.handles import call
from grader.checking.calls import Call
from grader.checking.show import describe, with_numbers
from grader.common.suggest import did_you_mean
from grader.errors import ProblemFileError
from grader.model import Problem

_PLAIN = (bool, int, float, str, type(None))
_MOST_NUMBERS = 16
"""A tensor with no more numbers than this is told with all of them, whatever its axes."""


@dataclass(frozen=True)
class Case:
    """A call of a function of the student's, as it is made and told."""

    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    then: tuple[Any, ...] | None = None
    """What the object that the function returns is called with; None where what it returns is the answer."""

    @property
    def call(self) -> Call:
        """The call for messages and pictures."""
        words = Call(self.function, _readable(self.args), _readable(self.kwargs)).text
        if self.then is None:
            return _ToldCall(self.function, self.args, self.kwargs, words=words)
        return _ToldCall(self.function, self.then, {}, words=Call(words, _readable(self.then), {}).text)


@dataclass(frozen=True)
class _ToldCall(Call):
    """A call that is told with all of its numbers."""

    words: str = ""

    @property
    def text(self) -> str:
        return self.words


class Inputs:
    """What stands in a problem's inputs.py."""

    def __init__(
        self, problem: Problem, strategies: Mapping[str, Any], windows: Mapping[str, Any], without: Mapping[str, str]
    ) -> None:
        self._slug = problem.slug
        self.strategies = strategies
        """Function of the stub -> strategy of its calls."""
        self._windows = windows
        self.forgotten = tuple(name for name in problem.names if name not in strategies and name not in without)
        """Functions of the stub of which it says nothing."""

    def case(self, function: str, generated: Any, signature: inspect.Signature | None) -> Case:
        """A generated value as a call. Raises ProblemFileError for one that is none."""
        # Built for a strategy by `applied`; that module needs hypothesis, and is loaded where one is.
        made, then = (generated.made, generated.args) if hasattr(generated, "made") else (generated, None)
        if isinstance(made, tuple):
            made = call(*made)
        if not isinstance(made, call):
            raise ProblemFileError(
                f"solutions/{self._slug}/inputs.py: {function}: gives a {type(made).__name__}, and no arguments",
                hint="let it give a tuple of arguments, or call(…)",
            )
        args, kwargs = plainly(made.args, made.kwargs, signature)
        return Case(function, args, kwargs, then)

    def window(self, case: Case) -> WindowOf | None:
        """The window behind an answer's cells, for the picture; None where inputs.py names none."""
        windows: Callable[..., WindowOf] | None = self._windows.get(case.function)
        return windows(*case.args, *(case.then or ()), **case.kwargs) if windows is not None else None


def path_of(problem: Problem) -> Path | None:
    """Where a problem's inputs.py lies; None where it has none."""
    path = Path(problem.solution_folder) / "inputs.py" if problem.solution_folder else None
    return path if path is not None and path.is_file() else None


def read_inputs(problem: Problem) -> Inputs | None:
    """A problem's inputs; None where it has none. Raises ProblemFileError."""
    path = path_of(problem)
    if path is None:
        return None
    where = f"solutions/{problem.slug}/inputs.py"
    module = _loaded(path, where)
    strategies, windows, without = (getattr(module, name, {}) for name in ("INPUTS", "WINDOWS", "WITHOUT"))
    for name, held in (("INPUTS", strategies), ("WINDOWS", windows), ("WITHOUT", without)):
        if not isinstance(held, dict):
            raise ProblemFileError(f"{where}: {name}: must be a dict, function -> what belongs to it")
        for function in held:
            if function not in problem.names:
                raise ProblemFileError(
                    f"{where}: {name}: stub.py defines no {function}; {did_you_mean(str(function), problem.names)}"
                )
    if not strategies and not without:
        raise ProblemFileError(f"{where}: INPUTS: must name a function of the stub, and the strategy of its calls")
    if strategies:
        from hypothesis.strategies import SearchStrategy

        for function, strategy in strategies.items():
            if not isinstance(strategy, SearchStrategy):
                raise ProblemFileError(f"{where}: INPUTS: {function}: must be a hypothesis strategy")
    return Inputs(problem, strategies, windows, without)


def _loaded(path: Path, where: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("torchgrade_inputs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ProblemFileError(f"{where}: cannot be loaded: {type(error).__name__}: {error}") from None
    return module


def plainly(
    args: tuple[Any, ...], kwargs: dict[str, Any], signature: inspect.Signature | None
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The same call in the one form that all like it have: without defaults, by position up to the first of these."""
    if signature is None:
        return args, kwargs
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError:
        return args, kwargs
    first: list[Any] = []
    named: dict[str, Any] = {}
    gap = False
    for name, parameter in signature.parameters.items():
        if parameter.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
            return args, kwargs
        if name not in bound.arguments or _is_default(bound.arguments[name], parameter.default):
            gap = True
        elif gap:
            named[name] = bound.arguments[name]
        else:
            first.append(bound.arguments[name])
    return tuple(first), named


def _is_default(value: Any, default: Any) -> bool:
    return isinstance(value, _PLAIN) and type(value) is type(default) and bool(value == default)


class _Spelled:
    """Stands in a message for what is told in other words than usual."""

    def __init__(self, words: str) -> None:
        self._words = words

    def __repr__(self) -> str:
        return self._words


def _readable(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_readable, value))
    if isinstance(value, dict):
        return {key: _readable(item) for key, item in value.items()}
    if isinstance(value, torch.nn.Module):
        return _Spelled(_spelled(value))
    if isinstance(value, torch.Tensor) and 0 < value.numel() <= _MOST_NUMBERS:
        return _Spelled(with_numbers(value))
    return value


def in_numbers(value: Any) -> str:
    """A value in a line, a small tensor with all of its numbers."""
    return describe(_readable(value))


def _spelled(module: torch.nn.Module) -> str:
    """A small model in one line, as it could be typed: ``Sequential(Linear(1, 2), ReLU())``."""
    inside = [_spelled(child) for child in module.children()]
    own = [describe(parameter) for parameter in module.parameters(recurse=False)]
    return f"{type(module).__name__}({', '.join(inside) or module.extra_repr() or ', '.join(own)})"
