"""What stands in a check for what is in the room: a `Handle` for an object, a `Function` for a name of the student's.

Each can be called, read, indexed, iterated, put into an operator and passed back; what travels by value comes back as a
copy.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FunctionType, MethodType
from typing import Any

from grader.checking import calls, show
from grader.checking.api.comparable import comparable
from grader.checking.api.operators import Operators
from grader.checking.held import Held, held_by, hold
from grader.checking.session.claims import AnswerTooLarge, StudentRaised
from grader.checking.session.examination import Examination
from grader.checking.session.transcript import LIBRARY
from grader.common.walk import leaves
from grader.errors import RoomError, WireError
from grader.sandbox.operating import OPERATORS, SIGNS
from grader.sandbox.operations import (
    Advance,
    CallFunction,
    GetAttribute,
    GetItem,
    GetLength,
    GetName,
    IsEqual,
    IsUnequal,
    MakeIterator,
    Operate,
    Operation,
    SetAttribute,
    TakeValue,
)
from grader.sandbox.questions import Callback

_MOST_ITEMS = 20
_FUNCTIONS = (FunctionType, MethodType, functools.partial)
"""Functions of a check's own, which the room may call."""


class Link:
    """A proxy's way to its examination, and the student's function that the replies come from."""

    def __init__(self, examination: Examination, function: str, behind: str = "") -> None:
        self.examination = examination
        self.function = function
        self.behind = behind or function

    def ask(self, operation: Operation, *, keep: bool = False) -> tuple[str, Any]:
        return self.examination.ask(self._about(operation), operation, keep=keep)

    def _about(self, operation: Operation) -> Link:
        """Who asks; of the library, an asker that knows which function of the student's the question is about."""
        if self.function != LIBRARY:
            return self
        for value in leaves(operation):
            held = held_by(value)
            if held is not None and held.link.behind != LIBRARY:
                return Link(self.examination, LIBRARY, held.link.behind)
        return self

    def value(self, operation: Operation, *, keep: bool = False) -> Any:
        return self.ask(operation, keep=keep)[1]

    def place(self, operation: Operation, type_name: str, members: Mapping[str, str] | None = None) -> Handle:
        """A handle of what the operation will give: `type_name` is known without asking."""
        link = self._about(operation)
        number = self.examination.place(link, operation, type_name)
        return Handle(Held(link, number, type_name, self.examination.lodging.generation, members or {}))

    def number(self, value: object) -> int | str | Callback:
        if isinstance(value, _FUNCTIONS):
            return self.examination.callbacks.number(value)
        if not isinstance(value, (Handle, Function)):
            raise TypeError(f"a {type(value).__name__} cannot be sent to the room; make it there with library.define")
        held = held_of(value)
        if isinstance(held.number, str):
            return held.number
        if held.generation != self.examination.lodging.generation:
            raise TypeError("a handle of a room that has ended; put the value into this one")
        return held.number

    def unpark(self, number: int, type_name: str) -> Handle:
        return Handle(Held(self, number, type_name, self.examination.lodging.generation))

    def describe(self, value: Any) -> Any:
        return comparable(value)


def held_of(handle: Handle | Function) -> Held:
    """What a handle stands for. Raises TypeError for a value of the check's own, which is in no room."""
    held = held_by(handle)
    if held is None:
        kind = type(handle).__name__
        raise TypeError(
            f"a {kind} of the check's own is not in the room; a handle is needed, or a name of the submission's"
        )
    return held


class Handle(Operators):
    """An object in the room. Attributes that can travel are copies; others are handles."""

    def __init__(self, held: Held) -> None:
        hold(self, held)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)  # Python's own questions (copy, pickle) are not the room's business.
        held = held_of(self)
        if name in held.members:
            return called_so(held.link.place(GetAttribute(self, name), held.members[name]), name)
        return attribute_of(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        held_of(self).link.value(SetAttribute(self, name, value))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        link = held_of(self).link
        if link.function == LIBRARY:
            value = link.value(CallFunction(self, args, kwargs))
            if not isinstance(value, (bool, type(None), Handle)):
                # What a snippet says is named as its own: no function of the student's has returned it.
                calls.note(value, calls.Call(held_of(self).name or "a snippet", args, kwargs, own=False))
            return value
        return told(link, CallFunction(self, args, kwargs), calls.Call(origin_of(self), args, kwargs))

    def __getitem__(self, key: Any) -> Any:
        return item_of(self, key)

    def __len__(self) -> int:
        try:
            length = held_of(self).link.value(GetLength(self))
        except StudentRaised as raised:
            if raised.type_name == "TypeError":
                # As Python says it, so that list() of something without a length goes on without one.
                raise TypeError(raised.message) from raised
            raise
        return length if type(length) is int and 0 <= length < 2**31 else 0

    def __iter__(self) -> Iterator[Any]:
        iterator = held_of(self).link.value(MakeIterator(self), keep=True)
        while True:
            try:
                item = next(iterator)
            except StopIteration:
                return
            yield item

    def __next__(self) -> Any:
        """The next of what an iterator or generator gives."""
        kind, value = held_of(self).link.ask(Advance(self))
        if kind == "stop":
            raise StopIteration
        return value[1] if isinstance(value, tuple) and len(value) == 2 else value

    def __eq__(self, other: object) -> Any:
        return self._compared(IsEqual(self, other))

    def __ne__(self, other: object) -> Any:
        return self._compared(IsUnequal(self, other))

    # The handle's hash: the object's own is the room's business.
    __hash__ = object.__hash__

    def _compared(self, operation: IsEqual | IsUnequal) -> Any:
        """What the object's own `==` or `!=` says, in the room. It equals nothing that cannot go there.

        It equals no value of the check's own either, unless this check compares the reference's answer with one, too:
        an answer that should have been a number would else decide by itself, and be told which number was expected.
        """
        link = held_of(self).link
        if link.function != LIBRARY and not isinstance(operation.other, Handle) and not link.examination.may_compare():
            return NotImplemented
        try:
            return link.value(operation)
        except TypeError:
            link.number(self)
            if isinstance(operation.other, Handle):
                raise
            return NotImplemented

    def _operated(self, name: str, *operands: Any) -> Any:
        """What the operator gives, in the room; only where the reference's answer is asked the same in this check."""
        links = [held.link for operand in operands if (held := held_by(operand)) is not None]
        if not all(link.function == LIBRARY or link.examination.may_compare() for link in links):
            return NotImplemented
        value = held_of(self).link.value(Operate(name, operands))
        return brought(value, calls.Part(_written(name, operands), composed=True)) if held_of(self).origin else value

    def _done(self, name: str, *operands: Any) -> Any:
        return held_of(self).link.value(Operate(name, operands))

    def __deepcopy__(self, memo: dict[int, Any]) -> Handle:
        return self  # The object is in the room, and there is one of it.

    def __bool__(self) -> bool:
        # `assert submission.f(x)` must not pass because f returned some object.
        raise TypeError(f"a {held_of(self).type_name} is neither true nor false here")

    def __enter__(self) -> Any:
        return read_from(held_of(self), self._done("enter", self), "{}")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """The object hears of an exception, and holds none back: a comparison would not have been made."""
        if isinstance(error, StudentRaised):
            self._done("exit", self, error.type_name, error.message)
        else:
            self._done("exit", self, None if kind is None else kind.__name__, "")

    def __repr__(self) -> str:
        return f"<{held_of(self).type_name} in the room>"

    def __del__(self, ends: Callable[[], bool] = sys.is_finalizing) -> None:
        if not ends():  # An interpreter that ends has emptied its modules, and the room ends with it.
            held = held_of(self)
            held.link.examination.lodging.drop(held.number, held.generation)


@contextlib.contextmanager
def naming(call: calls.Call) -> Iterator[None]:
    """Name the call in what goes wrong inside."""
    try:
        yield
    except (StudentRaised, AnswerTooLarge, RoomError) as raised:
        if not (isinstance(raised, StudentRaised) and raised.while_placing):
            raised.call = call
        raise


class Function(Operators):
    """What stands in the student's module under a name: mostly a function or class, to be called; perhaps a variable.

    It is looked up where it is asked for something, and each time anew.
    """

    def __init__(self, examination: Examination, name: str) -> None:
        hold(self, Held(Link(examination, name), name, name, 0, origin=calls.Part(name)))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return ask(self, args, kwargs, keep=False)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return attribute_of(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        held_of(self).link.value(SetAttribute(self, name, value))

    def __getitem__(self, key: Any) -> Any:
        return fetch(self)[key]

    def __len__(self) -> int:
        return len(fetch(self))

    def __iter__(self) -> Iterator[Any]:
        return iter(fetch(self))

    def __eq__(self, other: object) -> Any:
        return fetch(self) == other

    def __ne__(self, other: object) -> Any:
        return fetch(self) != other

    __hash__ = object.__hash__

    def __deepcopy__(self, memo: dict[int, Any]) -> Function:
        return self

    def __bool__(self) -> bool:
        # `assert submission.DONE` must not pass because there is a name to be asked for.
        value = fetch(self)
        if isinstance(value, Handle):
            raise TypeError(f"{held_of(self).number} is neither true nor false here")
        return bool(value)

    def _operated(self, name: str, *operands: Any) -> Any:
        return OPERATORS[name](*(fetch(operand) if operand is self else operand for operand in operands))

    _done = _operated

    def __repr__(self) -> str:
        return f"<{held_of(self).number} in the room>"


def attribute_of(target: Handle | Function, name: str, *, keep: bool = False) -> Any:
    """An attribute; with `keep` as a handle, whatever it is."""
    held = held_of(target)
    value = held.link.value(GetAttribute(target, name), keep=keep)
    if held.link.function == LIBRARY and isinstance(value, Handle):
        return called_so(value, name)
    return read_from(held, value, f"{{}}.{name}")


def called_so(handle: Handle, name: str) -> Handle:
    """The handle, of something of the library's that goes by this name."""
    hold(handle, held_of(handle)._replace(name=name))
    return handle


def item_of(target: Handle | Function, key: Any, *, keep: bool = False) -> Any:
    """An item; with `keep` as a handle, whatever it is."""
    held = held_of(target)
    return read_from(held, held.link.value(GetItem(target, key), keep=keep), f"{{}}[{_written_key(key)}]")


def ask(function: Function, args: tuple[Any, ...], kwargs: dict[str, Any], *, keep: bool) -> Any:
    held = held_of(function)
    call = calls.Call(held.type_name, args, kwargs)
    # Noted before the reply is known: a message names the call that raises, too.
    calls.note(None, call)
    return told(held.link, CallFunction(held.number, args, kwargs), call, keep=keep)


def ask_each(function: Function, several: list[call]) -> Iterator[Any]:
    """The answers to several calls, put to the room in one go."""
    held = held_of(function)
    answers = held.link.examination.ask_each(
        held.link, [CallFunction(held.number, one.args, one.kwargs) for one in several]
    )
    for one in several:
        noted = calls.Call(held.type_name, one.args, one.kwargs)
        calls.note(None, noted)
        with naming(noted):
            _, result = next(answers)
        yield brought(result, noted)


def told(link: Link, operation: Operation, call: calls.Call, *, keep: bool = False) -> Any:
    """The result of a call, which messages name."""
    with naming(call):
        result = link.value(operation, keep=keep)
    return brought(result, call)


def brought(result: Any, origin: calls.Origin) -> Any:
    """`result`, of which messages say where it came from."""
    calls.note(result, origin)
    if isinstance(result, Handle):
        hold(result, held_of(result)._replace(origin=origin))
    elif isinstance(result, (list, tuple)):
        for index, item in enumerate(result[:_MOST_ITEMS]):
            if isinstance(item, Handle):
                hold(item, held_of(item)._replace(origin=calls.Part(f"{{}}[{index}]", origin)))
    return result


def read_from(held: Held, value: Any, form: str) -> Any:
    """`value`, which was read of what `held` stands for."""
    if held.origin is None or held.link.function == LIBRARY:
        return value
    return brought(value, held.origin if form == "{}" else calls.Part(form, held.origin))


def _written_key(key: Any) -> str:
    if isinstance(key, tuple) and key:
        return ", ".join(map(_written_key, key))
    if not isinstance(key, slice):
        return show.describe(key)
    ends = ["" if end is None else show.describe(end) for end in (key.start, key.stop, key.step)]
    return ":".join(ends if key.step is not None else ends[:2])


def _written(name: str, operands: Sequence[Any]) -> str:
    """An operator with its operands as it is typed."""
    texts = [calls.short(held.origin) if (held := held_by(each)) and held.origin else show.describe(each)
             for each in operands]  # fmt: skip
    if name == "contains":
        return f"{texts[1]} in {texts[0]}"
    sign = SIGNS.get(name.removeprefix("i")) or SIGNS.get(name)
    return f"{texts[0]} {sign} {texts[1]}" if sign and len(texts) == 2 else f"{name}({', '.join(texts)})"


def origin_of(handle: Handle) -> calls.Origin:
    held = held_of(handle)
    return held.origin or calls.Part(f"{held.link.function}(…)")


class call:  # noqa: N801 - as in unittest.mock
    """Arguments, for `each`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args = args
        self.kwargs = kwargs


def fetch(handle: Any, *more: Handle) -> Any:
    """A copy of what a handle stands for now, or a variable; anything else as it is. A tuple of copies for several."""
    if isinstance(handle, Function) and not more:
        held = held_of(handle)
        return read_from(held, held.link.value(GetName(held.type_name)), "{}")
    if not isinstance(handle, (Handle, Function)):
        return handle
    if more:
        results = held_of(handle).link.value(TakeValue((handle, *more)))
        if not isinstance(results, tuple) or len(results) != 1 + len(more):
            raise WireError("another number of values than was asked for")
        for each_handle, result in zip((handle, *more), results, strict=True):
            _note_again(each_handle, result)
        return results
    result = held_of(handle).link.value(TakeValue(handle))
    _note_again(handle, result)
    return result


def _note_again(handle: Handle | Function, result: Any) -> None:
    origin = held_of(handle).origin
    if origin is None and (given := calls.given_to(handle)) is not None:
        origin = calls.Part(f"{given[1]} of {{}}, afterwards,", given[0])
    if origin is not None:
        calls.note(result, origin)
