"""What a check holds instead of the student's module: names whose calls go over the wire.

`SubmissionProxy` and `LibraryProxy` are the fixtures' values; the rest are words for what a check wants of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch

from grader.checking import calls
from grader.checking.api.handles import (
    Function,
    Handle,
    Link,
    ask,
    ask_each,
    attribute_of,
    call,
    held_of,
    item_of,
    naming,
    origin_of,
    told,
)
from grader.checking.api.texts import Text
from grader.checking.recording import RecordedReference
from grader.checking.session.examination import Examination
from grader.checking.session.transcript import LIBRARY
from grader.checking.tolerance import Reference
from grader.common.walk import UNCHANGING
from grader.errors import WireError
from grader.sandbox.operations import CallFunction, CallPrinted, Define, GetLibrary, TakeValue
from grader.sandbox.questions import Snippet
from grader.sandbox.values import is_plain, type_name

_GRADIENTS = """
def gradients(module):
    return {name: parameter.grad for name, parameter in module.named_parameters()}
"""


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
        self._link = Link(examination, LIBRARY)

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


def each(function: Callable[..., Any], several: Iterable[call | tuple[Any, ...]]) -> Iterator[Any]:
    """What `function` returns for each of several calls, given as `call` or, by position alone, as a tuple.

    A student's function is asked for all of them in one go, which is faster. The check sees the same as if it had
    called one after the other, up to the first call that raises or whose result it does not ask for.
    """
    asked = [one if isinstance(one, call) else call(*one) for one in several]
    if isinstance(function, Function):
        return ask_each(function, asked)
    return (function(*one.args, **one.kwargs) for one in asked)


class Keeping:
    """What is asked of a function or an object, with answers that stay in the room: each is a handle, even of a tensor.

    It can be called, its items and attributes read, and a list or tuple taken apart: ``first, second = kept(h)``.
    """

    def __init__(self, target: Function | Handle) -> None:
        held_of(target)
        self._target = target

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        target = self._target
        if isinstance(target, Function):
            return ask(target, args, kwargs, keep=True)
        return held_of(target).link.value(CallFunction(target, args, kwargs), keep=True)

    def __getitem__(self, key: Any) -> Any:
        return item_of(self._target, key, keep=True)

    def __iter__(self) -> Iterator[Any]:
        return (self[index] for index in range(len(self._target)))

    def __getattr__(self, name: str) -> Any:
        return attribute_of(self._target, name, keep=True)


def kept(target: Function | Handle) -> Keeping:
    """`target`, but its results, items and attributes stay in the room, even tensors: each is a handle."""
    return Keeping(target)


def printed(function: Any, *args: Any, **kwargs: Any) -> Text:
    """What a call prints; blanks at the ends of its lines and of the whole do not count in comparisons."""
    if not isinstance(function, (Function, Handle)):
        reference = getattr(getattr(function, "func", None), "__self__", None)
        if not isinstance(reference, (Reference, RecordedReference)):
            raise TypeError("printed takes a function of the submission's or of the reference's")
        return Text(reference._printed(function.args[0], args, kwargs))
    name = origin_of(function) if isinstance(function, Handle) else held_of(function).type_name
    call = calls.Call(name, args, kwargs, "printed")
    calls.note(None, call)
    with naming(call):
        said = held_of(function).link.value(CallPrinted(function, args, kwargs))
    if not (isinstance(said, tuple) and len(said) == 2 and isinstance(said[0], str)):
        raise WireError("no text where a call was to print")
    text = Text(said[0])
    calls.note(text, call)
    return text


def unchanged(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], compare: Callable[[Any, Any], None]) -> Any:
    """What `function` returns for arguments that lie in its room; `compare` is given each as it is afterwards, and as
    it was.
    """
    if not isinstance(function, (Function, Handle)):
        raise TypeError("assert_unchanged takes a function of the submission's")
    link = held_of(function).link
    there = [link.value(TakeValue(value), keep=True) if _can_change(value) else value for value in args]
    named = {
        name: link.value(TakeValue(value), keep=True) if _can_change(value) else value for name, value in kwargs.items()
    }
    result = function(*there, **named)
    for handle, before in zip([*there, *named.values()], [*args, *kwargs.values()], strict=True):
        if isinstance(handle, Handle) and not isinstance(before, Handle):
            compare(handle, before)
    return result


def _can_change(value: Any) -> bool:
    return type(value) not in UNCHANGING and not isinstance(value, (Handle, Function))


def gradients(module: Any) -> dict[str, torch.Tensor | None]:
    """The gradients of a module's parameters, by name. A parameter that is read comes without its gradient."""
    if not isinstance(module, (Handle, Function)):
        raise TypeError("gradients takes a module that is in the room")
    link = held_of(module).link
    ask_for = LibraryProxy(link.examination).define(_GRADIENTS).gradients
    call = calls.Call("gradients", (module,), {})
    found: dict[str, torch.Tensor | None] = told(link, CallFunction(ask_for, (module,), {}), call)
    return found
