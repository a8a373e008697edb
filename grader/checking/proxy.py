"""What a check holds instead of the student's module: names whose calls go over the wire.

`Submission` and `Library` are the fixtures' values. What cannot travel by value stays in the room and is held as a
`Handle`, which can be called, read, indexed, iterated and passed back.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch

from grader.checking import calls
from grader.checking.session.claims import AnswerTooLarge, StudentRaised
from grader.checking.session.examination import Examination
from grader.checking.session.transcript import LIBRARY
from grader.errors import RoomError, WireError
from grader.sandbox.questions import Snippet
from grader.sandbox.values import copy_of, type_name

__all__ = ["Function", "Handle", "Library", "StudentRaised", "Submission", "call", "each", "fetch", "kept"]


class _Link:
    """A proxy's way to its examination, and the student's function that its answers come from."""

    def __init__(self, examination: Examination, function: str) -> None:
        self.examination = examination
        self.function = function

    def ask(self, operation: str, *arguments: Any, keep: bool = False) -> tuple[str, Any]:
        return self.examination.ask(self, operation, arguments, keep=keep)

    def value(self, operation: str, *arguments: Any, keep: bool = False) -> Any:
        return self.ask(operation, *arguments, keep=keep)[1]

    def number(self, value: object) -> int:
        if not isinstance(value, Handle):
            raise TypeError(f"a {type(value).__name__} cannot be sent to the room; make it there with library.define")
        if object.__getattribute__(value, "_generation") != self.examination.lodging.generation:
            raise TypeError("a handle of a room that has ended; put the value into this one")
        if isinstance(value, Member):
            return _in_the_room(value)
        number: int = object.__getattribute__(value, "_number")
        return number

    def unpark(self, number: int, type_name: str) -> Handle:
        return Handle(self, number, type_name)

    def describe(self, value: Any) -> Any:
        return _comparable(value)


class Handle:
    """An object in the room. Attributes that can travel are copies; others are handles."""

    def __init__(self, link: _Link, number: int, type_name: str) -> None:
        set_own = object.__setattr__
        set_own(self, "_link", link)
        set_own(self, "_number", number)
        set_own(self, "_type_name", type_name)
        set_own(self, "_generation", link.examination.lodging.generation)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)  # Python's own questions (copy, pickle) are not the room's business.
        return _link(self).value("attribute", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        _link(self).value("set", self, name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        link = _link(self)
        if link.function == LIBRARY:
            return link.value("call", self, args, kwargs)
        call = calls.Call(f"{link.function}(…)", args, kwargs)
        with _told_of(call):
            result = link.value("call", self, args, kwargs)
        calls.note(result, call)
        return result

    def __getitem__(self, key: Any) -> Any:
        return _link(self).value("item", self, key)

    def __len__(self) -> int:
        try:
            length = _link(self).value("length", self)
        except StudentRaised as raised:
            if raised.type_name == "TypeError":
                # As Python says it, so that list() of something without a length goes on without one.
                raise TypeError(raised.message) from raised
            raise
        return length if type(length) is int and 0 <= length < 2**31 else 0

    def __iter__(self) -> Iterator[Any]:
        link = _link(self)
        iterator = link.value("iterate", self, keep=True)
        while True:
            kind, value = link.ask("next", iterator)
            if kind == "stop":
                return
            yield value[1] if isinstance(value, tuple) and len(value) == 2 else value

    def __eq__(self, other: object) -> Any:
        return self._compared("equal", other)

    def __ne__(self, other: object) -> Any:
        return self._compared("unequal", other)

    # Of this handle: the object's own is the room's business.
    __hash__ = object.__hash__

    def _compared(self, operation: str, other: object) -> Any:
        """What the object's own `==` or `!=` says, in the room. To what cannot go there it is no equal."""
        link = _link(self)
        try:
            return link.value(operation, self, other)
        except TypeError:
            link.number(self)
            if isinstance(other, Handle):
                raise
            return NotImplemented

    def __deepcopy__(self, memo: dict[int, Any]) -> Handle:
        return self  # The object is in the room, and there is one of it.

    def __bool__(self) -> bool:
        # `assert submission.f(x)` must not pass because f returned some object.
        raise TypeError(f"a {object.__getattribute__(self, '_type_name')} is neither true nor false here")

    def __repr__(self) -> str:
        return f"<{object.__getattribute__(self, '_type_name')} in the room>"

    def __del__(self) -> None:
        link, number = _link(self), object.__getattribute__(self, "_number")
        link.examination.lodging.drop(number, object.__getattribute__(self, "_generation"))


class Namespace(Handle):
    """What a snippet of the author's defined. Its functions and classes can be called by their names."""

    def __init__(self, handle: Handle, callables: frozenset[str]) -> None:
        object.__setattr__(self, "_handle", handle)
        object.__setattr__(self, "_callables", callables)
        super().__init__(_link(handle), object.__getattribute__(handle, "_number"), "module")

    def __getattr__(self, name: str) -> Any:
        if name in object.__getattribute__(self, "_callables"):
            return Member(self, name)
        return super().__getattr__(name)

    def __del__(self) -> None: ...  # The handle that it was made of lets go of the object.


class Member(Handle):
    """A function or class of a namespace: called with one question, where to look it up first would take two."""

    def __init__(self, namespace: Namespace, name: str) -> None:
        object.__setattr__(self, "_namespace", namespace)
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_looked_up", None)
        super().__init__(_link(namespace), 0, "function")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _call_member(self, args, kwargs, keep=False)

    def __del__(self) -> None: ...  # What was looked up is a handle of its own.


def _call_member(member: Member, args: tuple[Any, ...], kwargs: dict[str, Any], *, keep: bool) -> Any:
    namespace, name = object.__getattribute__(member, "_namespace"), object.__getattribute__(member, "_name")
    return _link(member).value("member", namespace, name, args, kwargs, keep=keep)


def _in_the_room(member: Member) -> int:
    """The number of the function itself, for all that is not a call of it."""
    handle = object.__getattribute__(member, "_looked_up")
    if handle is None:
        namespace, name = object.__getattribute__(member, "_namespace"), object.__getattribute__(member, "_name")
        handle = _link(member).value("attribute", namespace, name, keep=True)
        object.__setattr__(member, "_looked_up", handle)
    number: int = object.__getattribute__(handle, "_number")
    return number


def _link(handle: Handle) -> _Link:
    link: _Link = object.__getattribute__(handle, "_link")
    return link


@contextlib.contextmanager
def _told_of(call: calls.Call) -> Iterator[None]:
    """Note with what went wrong in the room which call brought it."""
    try:
        yield
    except (StudentRaised, AnswerTooLarge, RoomError) as raised:
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
        # Noted before the answer is known: a call that raises is told of, too.
        call = calls.Call(self._name, args, kwargs)
        calls.note(None, call)
        with _told_of(call):
            result = self._link.value("call", self._name, args, kwargs, keep=keep)
        calls.note(result, call)
        return result

    def ask_each(self, several: list[call]) -> Iterator[Any]:
        answers = self._link.examination.ask_each(
            self._link, "call", [(self._name, one.args, one.kwargs) for one in several]
        )
        for one in several:
            noted = calls.Call(self._name, one.args, one.kwargs)
            calls.note(None, noted)
            with _told_of(noted):
                _, result = next(answers)
            calls.note(result, noted)
            yield result


class Submission:
    """The fixture `submission`."""

    def __init__(self, examination: Examination) -> None:
        object.__setattr__(self, "_examination", examination)

    def __getattr__(self, name: str) -> Function:
        if name.startswith("__"):
            raise AttributeError(name)
        return Function(object.__getattribute__(self, "_examination"), name)


class Library:
    """The fixture `library`: builtins and modules of the room by name, and a way to place values there."""

    def __init__(self, examination: Examination) -> None:
        object.__setattr__(self, "_link", _Link(examination, LIBRARY))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__import__":
            raise AttributeError(name)
        return object.__getattribute__(self, "_link").value("library", name)

    def put(self, value: Any) -> Handle:
        """Place `value` in the room; its handle."""
        link = object.__getattribute__(self, "_link")
        handle: Handle = link.examination.place(link, "put", (value,), type_name(value))
        return handle

    def define(self, source: str) -> Namespace:
        """Run a snippet of the author's in a namespace of its own in the room; a handle to the namespace."""
        snippet = Snippet.of(source)
        link = object.__getattribute__(self, "_link")
        handle = link.examination.place(link, "define", (snippet,), "module")
        return Namespace(handle, snippet.callables)


class call:  # noqa: N801 - as in unittest.mock
    """Arguments, for `each`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args = args
        self.kwargs = kwargs


def each(function: Callable[..., Any], several: Iterable[call | tuple[Any, ...]]) -> Iterator[Any]:
    """What `function` returns for each of several calls, given as `call` or, by position alone, as a tuple.

    Of a function of the student's they are all asked for in one go, which is faster; what they are told of it is as if
    one had been called after the other, up to the first that raises or that the check does not ask for any more.
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
        if isinstance(target, Member):
            return _call_member(target, args, kwargs, keep=True)
        return _link(target).value("call", target, args, kwargs, keep=True)

    return call


def fetch(handle: Any, *more: Handle) -> Any:
    """A copy of what a handle stands for now; anything else as it is. A tuple of copies for several handles."""
    if not isinstance(handle, Handle):
        return handle
    if more:
        results = _link(handle).value("value", (handle, *more))
        if not isinstance(results, tuple) or len(results) != 1 + len(more):
            raise WireError("another number of values than was asked for")
        for each_handle, result in zip((handle, *more), results, strict=True):
            _note_again(each_handle, result)
        return results
    result = _link(handle).value("value", handle)
    _note_again(handle, result)
    return result


def _note_again(handle: Handle, result: Any) -> None:
    call = calls.noted_for(handle)
    if call is not None:
        calls.note(result, call)


_UNCHANGING = frozenset({type(None), bool, int, float, str})


def _comparable(value: Any) -> Any:
    """Arguments and answers as they are now, without what differs between two runs of one check.

    Handles by type, modules by class; tensors are copied, since a check may change its own afterwards.
    """
    if type(value) in _UNCHANGING:
        return value
    if isinstance(value, torch.Tensor):
        return copy_of(value)
    if isinstance(value, Handle):
        return ("handle", object.__getattribute__(value, "_type_name"))
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
