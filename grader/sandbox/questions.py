"""Questions as bytes, on their way from the checker to the room.

This direction needs no distrust, so it takes pickle, which is written in C: checks ask dozens of questions, and the
room has to run what the checker sends it anyhow. Replies come back another way; see `values` and `decoding`.

Only values travel. An object of any other kind has to be one that is in the room already, and goes by its number.
"""

from __future__ import annotations

import ast
import functools
import io
import marshal
import pickle
from collections.abc import Callable, Sequence
from pathlib import PurePath
from types import EllipsisType
from typing import Any, NamedTuple, NoReturn

import numpy as np
import torch

from grader.sandbox.named import LibraryName, find, named
from grader.sandbox.operations import CODES, KINDS, Operation
from grader.sandbox.values import DTYPE_CODE, DTYPES, TooLargeError, is_plain, raw_bytes, tensor_of


class Callback(NamedTuple):
    """A function of the check's, which the room can call by this number."""

    number: int


Number = Callable[[object], "int | str | Callback"]
"""The number by which the room knows an object, or its name in the student's module, or the number of a function of the
check's. Raises TypeError for what is neither."""

_MOST_BYTES = 1 << 30
_PLAIN = frozenset({type(None), bool, int, float, str, bytes, list, tuple, dict, set, frozenset})
# In front of their subclasses' items: the classes may be a check's own, which the room does not know.
_BASES: tuple[Any, ...] = (int, float, str, bytes, list, tuple, dict, frozenset, set)
_WHOLE = (
    complex, np.ndarray, np.generic, np.dtype, torch.dtype, torch.device, torch.nn.Module, range, PurePath, EllipsisType
)  # fmt: skip
_HANDLE, _TENSOR, _WHOLE_VALUE, _BASE, _SNIPPET, _SLICE, _CALLBACK, _NAMED = range(8)


Stored = Callable[["int | str | Callback"], Any]
"""What stands in the room for what `Number` gives."""


class Snippet:
    """Python code of the author's, compiled on this side: once, and not in every room. Raises SyntaxError."""

    def __init__(self, source: str) -> None:
        tree = ast.parse(source, "<check>")
        self.source = source
        self.code = marshal.dumps(compile(tree, "<check>", "exec", dont_inherit=True))
        self.members = _plainly_defined(tree)
        """Names of the functions and classes that it certainly defines -> the names of their types."""

    @staticmethod
    @functools.lru_cache(maxsize=256)
    def of(source: str) -> Snippet:
        """The same for the same source."""
        return Snippet(source)


def _plainly_defined(tree: ast.Module) -> dict[str, str]:
    """Top-level `def` and `class` without decorators or metaclass, whose name nothing else in the source binds."""
    found = {}
    for node in tree.body:
        match node:
            case ast.FunctionDef(decorator_list=[]):
                found[node.name] = "function"
            case ast.ClassDef(decorator_list=[], keywords=[]):
                found[node.name] = "type"
    bound = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)]
    bound += [name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names]
    defined = [node.name for node in tree.body if hasattr(node, "name")]
    return {name: kind for name, kind in found.items() if name not in bound and defined.count(name) == 1}


class Question(NamedTuple):
    """A question on its way."""

    data: bytes
    alone: bool
    """Whether it refers to nothing that the room holds: it asks the same of every room."""


class ArrivedQuestion(NamedTuple):
    """A question as the room reads it."""

    operation: Operation
    keep: bool
    """Whether the room keeps what the operation gives, whatever its type."""
    function: str
    """The student's function that is asked, or was asked last: the room looks for the operators it is forbidden."""
    own: bool
    """Whether the question is put to it or to what it returned, and not by the check to the room's library."""
    place: int = 0
    """The asker's own number for what the operation gives, below zero: the room keeps it and says no more. 0: none."""


def asking(
    operation: Operation,
    *,
    number: Number,
    keep: bool = False,
    function: str = "",
    own: bool = True,
    place: int = 0,
) -> Question:
    """A question; see `ArrivedQuestion`."""
    return _encoded((CODES[type(operation)], (*operation,), keep, function, own, place), number)


def together(several: Sequence[Question]) -> Question:
    """Several questions as one; see `replies.split`."""
    return _encoded([question.data for question in several], _nothing_else)


def _nothing_else(value: object) -> NoReturn:
    raise TypeError(f"a {type(value).__name__} among written questions")


def _encoded(question: object, number: Number) -> Question:
    out = io.BytesIO()
    # In one question the same tensor twice becomes two equal ones.
    pickler = _Pickler(out, number)
    pickler.dump(question)
    if out.tell() > _MOST_BYTES:
        raise TooLargeError(f"a question of more than {_MOST_BYTES:,} bytes")
    return Question(out.getvalue(), pickler.alone)


def decode(data: bytes, stored: Stored) -> ArrivedQuestion | list[bytes]:
    """The question, or several that were put together, each to be decoded when its turn comes.

    `stored` gives an object of the room by its number or name. For bytes of a trusted sender only.
    """
    asked = _Unpickler(data, stored).load()
    if isinstance(asked, list):
        return asked
    code, values, *more = asked
    return ArrivedQuestion(KINDS[code](*values), *more)


class _Pickler(pickle.Pickler):
    def __init__(self, out: io.BytesIO, number: Number) -> None:
        super().__init__(out, pickle.HIGHEST_PROTOCOL)
        self._number = number
        self.alone = True

    def persistent_id(self, value: Any) -> Any:
        if type(value) in _PLAIN:
            return None
        if isinstance(value, torch.Tensor) and is_plain(value):
            return _TENSOR, raw_bytes(value.detach()), DTYPE_CODE[value.dtype], tuple(value.shape), value.requires_grad
        if isinstance(value, Snippet):
            return _SNIPPET, value.code
        if isinstance(value, slice):
            return _SLICE, (value.start, value.stop, value.step)
        if (place := named(value)) is not None:
            return _NAMED, (*place,)
        if isinstance(value, _WHOLE):
            return _WHOLE_VALUE, pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        for base in _BASES:
            if isinstance(value, base):
                return _BASE, base(value)
        number = self._number(value)
        if isinstance(number, Callback):
            self.alone = False
            return _CALLBACK, number.number
        self.alone = self.alone and isinstance(number, str)
        return _HANDLE, number


class _Unpickler(pickle.Unpickler):
    def __init__(self, data: bytes, stored: Stored) -> None:
        super().__init__(io.BytesIO(data))
        self._stored = stored

    def persistent_load(self, told: Any) -> Any:
        kind, value = told[:2]
        if kind == _TENSOR:
            raw, dtype, shape, requires_grad = told[1:]
            return tensor_of(bytearray(raw), DTYPES[dtype], shape, requires_grad=requires_grad)
        if kind == _HANDLE:
            return self._stored(value)
        if kind == _CALLBACK:
            return self._stored(Callback(value))
        if kind == _SNIPPET:
            return marshal.loads(value)
        if kind == _NAMED:
            return find(LibraryName(*value))
        if kind == _SLICE:
            return slice(*value)
        return pickle.loads(value) if kind == _WHOLE_VALUE else value
