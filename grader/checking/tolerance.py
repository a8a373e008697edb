"""How far a right answer may be from the reference's, derived from the reference itself.

A sum in another order, or in higher precision, is as right as the reference's. To see how much that can matter, the
reference is asked twice more: in float64, which shows its own rounding error `e`, and with every input's sign removed,
which shows how large the terms were before they cancelled, `a`. With `eps` the spacing of the dtype and `s` the largest
answer,

    tolerance = min(16 e + 4 eps max(s, a), 2e-5 s)

The error of a sum of n terms in any order is at most (n - 1) eps times the sum of their magnitudes (N. J.
Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 4.2); 16 e stands for the orders
that the reference did not take. The bound 2e-5 keeps out a wrong formula that is off by one part in ten thousand,
whatever the inputs.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import io
import types
import weakref
from collections.abc import Callable, Hashable, Iterator
from typing import Any, Protocol

import torch

from grader.common.walk import leaves, with_leaves
from grader.sandbox.values import raw_bytes

_CEILING = 2e-5
_ORDERS = 16.0
_ULPS = 4.0
_LITERAL_ULPS = 8.0
_MAX_QUESTION = 1 << 20
_PLAIN = frozenset({bool, int, str, bytes, type(None), torch.Size, torch.dtype})
_MOST_REMEMBERED = 2000

# Keyed by identity: equal tensors may carry different tolerances.
_derived: dict[int, tuple[weakref.ref[torch.Tensor], float]] = {}


class Listener(Protocol):
    """Hears of every reply that the reference gives."""

    def answered(self, name: str, before: Any, after: Any, answer: Any) -> None:
        """`before` and `after` are (args, kwargs) as they were when the reference was asked, and as it left them."""

    def read(self, name: str, value: Any) -> None: ...


class Reference:
    """The solution module as checks see it: functions return what they return, with a tolerance attached.

    A function may change its arguments, as in any Python; the runs from which the tolerance is derived get copies of
    what they were before. Checks ask the same questions of every submission. Answers to questions of plain values are
    remembered, unless an argument was changed, and every check is handed a copy of its own.
    """

    def __init__(self, module: types.ModuleType, listener: Listener | None = None) -> None:
        self._module = module
        self._listener = listener
        self._remembered: dict[Hashable, Any] = {}

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._module, name)
        if isinstance(value, types.FunctionType):
            return functools.partial(self._ask, name, value)
        if self._listener is not None:
            self._listener.read(name, value)
        return value

    def _ask(self, name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        before = args, kwargs
        try:
            question = name, _frozen(args), _frozen(kwargs)
        except TypeError:
            question = None
        if question is not None and question in self._remembered:
            answer = _copied(self._remembered[question])
        else:
            before = _own(args, kwargs)
            answer = function(*args, **kwargs)
            _derive_tolerances(answer, function, before)
            if question is not None and question == (name, _frozen(args), _frozen(kwargs)) and _is_plain(answer):
                self._remember(question, answer)
                answer = _copied(answer)
        if self._listener is not None:
            self._listener.answered(name, before, (args, kwargs), answer)
        return answer

    def _printed(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        """What a call prints."""
        before = _own(args, kwargs)
        with contextlib.redirect_stdout(io.StringIO()) as out:
            getattr(self._module, name)(*args, **kwargs)
        if self._listener is not None:
            self._listener.answered(f"{name}, printed", before, (args, kwargs), out.getvalue())
        return out.getvalue()

    def _remember(self, question: Hashable, answer: Any) -> None:
        if len(self._remembered) < _MOST_REMEMBERED:
            self._remembered[question] = answer


def _frozen(value: Any) -> Hashable:
    """Plain values as something that can be looked up; two are the same only if they are alike to the last bit."""
    kind = type(value)
    if kind is torch.Tensor and value.layout == torch.strided and value.nbytes <= _MAX_QUESTION:
        return value.dtype, value.requires_grad, tuple(value.shape), value.stride(), raw_bytes(value.detach())
    if kind in (tuple, list):
        return kind, tuple(map(_frozen, value))
    if kind is dict:
        return kind, tuple((_frozen(key), _frozen(item)) for key, item in value.items())
    if kind is float:
        return kind, value.hex()  # Which tells 0.0 from -0.0, and nan is itself.
    if kind in _PLAIN:
        return kind, value
    raise TypeError(f"a {kind.__name__} is not a plain value")


def _is_plain(answer: Any) -> bool:
    """Whether an answer can be copied without losing anything: no graph, no module, no view."""
    if isinstance(answer, torch.Tensor):
        return not answer.requires_grad
    if type(answer) in (tuple, list):
        return all(_is_plain(item) for item in answer)
    return isinstance(answer, (bool, int, float, str, type(None)))


def _copied(answer: Any) -> Any:
    if isinstance(answer, torch.Tensor):
        return attach(answer.clone(), tolerance_of(answer))
    if type(answer) in (tuple, list):
        return type(answer)(_copied(item) for item in answer)
    return answer


def tolerance_of(expected: torch.Tensor) -> float:
    """The largest absolute difference from `expected` that is not an error."""
    known = _derived.get(id(expected))
    if known is not None and known[0]() is expected:
        return known[1]
    scale = _largest(expected)
    return _LITERAL_ULPS * _eps(expected.dtype) * scale if expected.dtype.is_floating_point else 0.0


_Arguments = tuple[tuple[Any, ...], dict[str, Any]]


def _derive_tolerances(answer: Any, function: Callable[..., Any], arguments: _Arguments) -> None:
    outputs = list(float_tensors(answer))
    if not outputs:
        return
    exact = _try(function, arguments, _doubled, len(outputs))
    unsigned = _try(function, arguments, _unsigned, len(outputs))
    for index, output in enumerate(outputs):
        better = exact[index] if exact else None
        larger = unsigned[index] if unsigned else None
        attach(output, _derive(output, better, larger))


def _own(args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Arguments:
    """Copies of arguments for a run that may change them. What cannot be copied is handed over as it is."""
    try:
        return copy.deepcopy((_map(args, _cloned), _map(kwargs, _cloned)))
    except Exception:
        return tuple(map(_own_one, args)), {key: _own_one(item) for key, item in kwargs.items()}


def _own_one(value: Any) -> Any:
    try:
        return copy.deepcopy(_map(value, _cloned))
    except Exception:
        return value


def attach(expected: torch.Tensor, tolerance: float) -> torch.Tensor:
    """Remember `tolerance` for this very tensor; returns it."""
    number = id(expected)
    _derived[number] = (weakref.ref(expected, lambda _: _derived.pop(number, None)), tolerance)
    return expected


def _derive(output: torch.Tensor, exact: torch.Tensor | None, unsigned: torch.Tensor | None) -> float:
    scale = _largest(output)
    eps = _eps(output.dtype)
    error = 0.0
    if exact is not None and exact.shape == output.shape and output.dtype != torch.float64:
        difference = (output.detach().double() - exact.detach().double()).abs()
        finite = difference[difference.isfinite()]
        error = finite.max().item() if finite.numel() else 0.0
    terms = _largest(unsigned) if unsigned is not None else scale
    # Nothing more exact than float64 can be asked: many orders of a few hundred terms stand in for `e`.
    orders = 64.0 if output.dtype == torch.float64 else _ULPS
    return min(_ORDERS * error + orders * eps * max(scale, terms), _CEILING * scale)


def _try(
    function: Callable[..., Any], arguments: _Arguments, change: Callable[[torch.Tensor], torch.Tensor], count: int
) -> list[torch.Tensor] | None:
    try:
        args, kwargs = _own(*arguments)
        outputs = list(float_tensors(function(*_map(args, change), **_map(kwargs, change))))
    except Exception:
        return None  # The reference takes float32 alone, or roots of negatives: the other terms must do.
    return outputs if len(outputs) == count else None


def float_tensors(value: Any) -> Iterator[torch.Tensor]:
    """The tensors in an answer that carry a tolerance, in an order that is always the same."""
    for leaf in leaves(value):
        if isinstance(leaf, torch.Tensor) and leaf.dtype.is_floating_point and leaf.numel():
            yield leaf


def _map(value: Any, change: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    return with_leaves(
        value, lambda leaf: change(leaf) if isinstance(leaf, torch.Tensor) and leaf.dtype.is_floating_point else leaf
    )


def _cloned(tensor: torch.Tensor) -> torch.Tensor:
    # A tensor that was computed has no deep copy.
    return tensor.detach().requires_grad_(tensor.requires_grad)


def _doubled(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.detach().double()


def _unsigned(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.detach().abs()


def _largest(tensor: torch.Tensor) -> float:
    if not tensor.numel():
        return 0.0
    values = tensor.detach().double()
    finite = values[values.isfinite()]
    return finite.abs().max().item() if finite.numel() else 0.0


def _eps(dtype: torch.dtype) -> float:
    return torch.finfo(dtype).eps if dtype.is_floating_point else 0.0
