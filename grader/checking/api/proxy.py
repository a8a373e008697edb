"""What a check holds instead of the student's module: names whose calls go over the wire.

`SubmissionProxy` and `LibraryProxy` are the fixtures' values. What cannot travel by value stays in the room; a `Handle`
stands for it, which can be called, read, indexed, iterated and passed back.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import torch

from grader.checking import calls
from grader.checking.held import Held, held_by, hold
from grader.checking.session.claims import AnswerTooLarge, StudentRaised
from grader.checking.session.examination import Examination
from grader.checking.session.transcript import LIBRARY
from grader.common.walk import UNCHANGING
from grader.errors import RoomError, WireError
from grader.sandbox.operations import (
    Advance,
    CallFunction,
    Define,
    GetAttribute,
    GetItem,
    GetLength,
    GetLibrary,
    IsEqual,
    IsUnequal,
    MakeIterator,
    Operation,
    SetAttribute,
    TakeValue,
)
from grader.sandbox.questions import Snippet
from grader.sandbox.values import copy_of, is_plain, type_name

__all__ = ["Function", "Handle", "LibraryProxy", "StudentRaised", "SubmissionProxy", "call", "each", "fetch", "kept"]


class _Link:
    """A proxy's way to its examination, and the student's function that the replies come from."""

    def __init__(self, examination: Examination, function: str) -> None:
        self.examination = examination
        self.function = function

    def ask(self, operation: Operation, *, keep: bool = False) -> tuple[str, Any]:
        return self.examination.ask(self, operation, keep=keep)

    def value(self, operation: Operation, *, keep: bool = False) -> Any:
        return self.ask(operation, keep=keep)[1]

    def place(self, operation: Operation, type_name: str, members: Mapping[str, str] | None = None) -> Handle:
        """A handle of what the operation will give: `type_name` is known without asking."""
        number = self.examination.place(self, operation, type_name)
        return Handle(Held(self, number, type_name, self.examination.lodging.generation, members or {}))

    def number(self, value: object) -> int:
        if not isinstance(value, Handle):
            raise TypeError(f"a {type(value).__name__} cannot be sent to the room; make it there with library.define")
        held = _held(value)
        if held.generation != self.examination.lodging.generation:
            raise TypeError("a handle of a room that has ended; put the value into this one")
        return held.number

    def unpark(self, number: int, type_name: str) -> Handle:
        return Handle(Held(self, number, type_name, self.examination.lodging.generation))

    def describe(self, value: Any) -> Any:
        return _comparable(value)


def _held(handle: Handle) -> Held:
    held = held_by(handle)
    assert held is not None
    return held


class Handle:
    """An object in the room. Attributes that can travel are copies; others are handles."""

    def __init__(self, held: Held) -> None:
        hold(self, held)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)  # Python's own questions (copy, pickle) are not the room's business.
        held = _held(self)
        if name in held.members:
            return held.link.place(GetAttribute(self, name), held.members[name])
        return held.link.value(GetAttribute(self, name))

    def __setattr__(self, name: str, value: Any) -> None:
        _held(self).link.value(SetAttribute(self, name, value))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        link = _held(self).link
        if link.function == LIBRARY:
            return link.value(CallFunction(self, args, kwargs))
        call = calls.Call(f"{link.function}(…)", args, kwargs)
        with _naming(call):
            result = link.value(CallFunction(self, args, kwargs))
        calls.note(result, call)
        return result

    def __getitem__(self, key: Any) -> Any:
        return _held(self).link.value(GetItem(self, key))

    def __len__(self) -> int:
        try:
            length = _held(self).link.value(GetLength(self))
        except StudentRaised as raised:
            if raised.type_name == "TypeError":
                # As Python says it, so that list() of something without a length goes on without one.
                raise TypeError(raised.message) from raised
            raise
        return length if type(length) is int and 0 <= length < 2**31 else 0

    def __iter__(self) -> Iterator[Any]:
        link = _held(self).link
        iterator = link.value(MakeIterator(self), keep=True)
        while True:
            kind, value = link.ask(Advance(iterator))
            if kind == "stop":
                return
            yield value[1] if isinstance(value, tuple) and len(value) == 2 else value

    def __eq__(self, other: object) -> Any:
        return self._compared(IsEqual(self, other))

    def __ne__(self, other: object) -> Any:
        return self._compared(IsUnequal(self, other))

    # The handle's hash: the object's own is the room's business.
    __hash__ = object.__hash__

    def _compared(self, operation: IsEqual | IsUnequal) -> Any:
        """What the object's own `==` or `!=` says, in the room. It equals nothing that cannot go there.

        Nor to a value of the check's own, unless the reference's answer is compared with one in this check, too: an
        answer that should have been a number would decide by itself, and be told which number was expected.
        """
        link = _held(self).link
        if link.function != LIBRARY and not isinstance(operation.other, Handle) and not link.examination.may_compare():
            return NotImplemented
        try:
            return link.value(operation)
        except TypeError:
            link.number(self)
            if isinstance(operation.other, Handle):
                raise
            return NotImplemented

    def __deepcopy__(self, memo: dict[int, Any]) -> Handle:
        return self  # The object is in the room, and there is one of it.

    def __bool__(self) -> bool:
        # `assert submission.f(x)` must not pass because f returned some object.
        raise TypeError(f"a {_held(self).type_name} is neither true nor false here")

    def __repr__(self) -> str:
        return f"<{_held(self).type_name} in the room>"

    def __del__(self) -> None:
        held = _held(self)
        held.link.examination.lodging.drop(held.number, held.generation)


@contextlib.contextmanager
def _naming(call: calls.Call) -> Iterator[None]:
    """Name the call in what goes wrong inside."""
    try:
        yield
    except (StudentRaised, AnswerTooLarge, RoomError) as raised:
        if not (isinstance(raised, StudentRaised) and raised.while_placing):
            raised.call = call
        raise


class Function:
    """A function or class of the student's module, by name."""

    def __init__(self, examination: Examination, name: str) -> None:
        self._link = _Link(examination, name)
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.ask(args, kwargs, keep=False)

    def ask(self, args: tuple[Any, ...], kwargs: dict[str, Any], *, keep: bool) -> Any:
        # Noted before the reply is known: a message names the call that raises, too.
        call = calls.Call(self._name, args, kwargs)
        calls.note(None, call)
        with _naming(call):
            result = self._link.value(CallFunction(self._name, args, kwargs), keep=keep)
        calls.note(result, call)
        return result

    def ask_each(self, several: list[call]) -> Iterator[Any]:
        answers = self._link.examination.ask_each(
            self._link, [CallFunction(self._name, one.args, one.kwargs) for one in several]
        )
        for one in several:
            noted = calls.Call(self._name, one.args, one.kwargs)
            calls.note(None, noted)
            with _naming(noted):
                _, result = next(answers)
            calls.note(result, noted)
            yield result


class SubmissionProxy:
    """The fixture `submission`."""

    def __init__(self, examination: Examination) -> None:
        self._examination = examination

    def __getattr__(self, name: str) -> Function:
        if name.startswith("__"):
            raise AttributeError(name)
        return Function(self._examination, name)


class LibraryProxy:
    """The fixture `library`: builtins and modules of the room by name, and a way to place values there."""

    def __init__(self, examination: Examination) -> None:
        self._link = _Link(examination, LIBRARY)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__import__":
            raise AttributeError(name)
        return self._link.value(GetLibrary(name))

    def put(self, value: Any) -> Handle:
        """Place `value` in the room; its handle."""
        if type(value) is torch.Tensor and is_plain(value):
            return self._link.place(TakeValue(value), type_name(value))
        handle: Handle = self._link.value(TakeValue(value), keep=True)
        return handle

    def define(self, source: str) -> Handle:
        """Run a snippet of the author's in a namespace of its own in the room; a handle to the namespace."""
        snippet = Snippet.of(source)
        return self._link.place(Define(snippet), "module", snippet.members)


class call:  # noqa: N801 - as in unittest.mock
    """Arguments, for `each`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args = args
        self.kwargs = kwargs


def each(function: Callable[..., Any], several: Iterable[call | tuple[Any, ...]]) -> Iterator[Any]:
    """What `function` returns for each of several calls, given as `call` or, by position alone, as a tuple.

    A student's function is asked for all of them in one go, which is faster. The check sees the same as if it had
    called one after the other, up to the first call that raises or whose result it does not ask for.
    """
    asked = [one if isinstance(one, call) else call(*one) for one in several]
    if isinstance(function, Function):
        return function.ask_each(asked)
    return (function(*one.args, **one.kwargs) for one in asked)


def kept(target: Function | Handle) -> Callable[..., Handle]:
    """`target`, but its result stays in the room, even a tensor: the call returns a handle."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if isinstance(target, Function):
            return target.ask(args, kwargs, keep=True)
        return _held(target).link.value(CallFunction(target, args, kwargs), keep=True)

    return call


def fetch(handle: Any, *more: Handle) -> Any:
    """A copy of what a handle stands for now; anything else as it is. A tuple of copies for several handles."""
    if not isinstance(handle, Handle):
        return handle
    if more:
        results = _held(handle).link.value(TakeValue((handle, *more)))
        if not isinstance(results, tuple) or len(results) != 1 + len(more):
            raise WireError("another number of values than was asked for")
        for each_handle, result in zip((handle, *more), results, strict=True):
            _note_again(each_handle, result)
        return results
    result = _held(handle).link.value(TakeValue(handle))
    _note_again(handle, result)
    return result


def _note_again(handle: Handle, result: Any) -> None:
    call = calls.noted_for(handle)
    if call is not None:
        calls.note(result, call)


def _comparable(value: Any) -> Any:
    """Arguments and replies as they are now, without what differs between two runs of one check.

    Handles by type, modules by class; tensors are copied, since a check may change its own afterwards.
    """
    if type(value) in UNCHANGING:
        return value
    if isinstance(value, torch.Tensor):
        return copy_of(value)
    if isinstance(value, Handle):
        return ("handle", _held(value).type_name)
    if isinstance(value, tuple):
        return tuple(_comparable(item) for item in value)
    if isinstance(value, list):
        return [_comparable(item) for item in value]
    if isinstance(value, dict):
        return {key: _comparable(item) for key, item in value.items()}
    if isinstance(value, Snippet):
        return value.source
    if type(value).__module__.startswith("torch.nn"):
        return ("module", type(value).__name__)
    return value
