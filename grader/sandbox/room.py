"""Inside the room: load the student's code, answer calls about it.

Everything here runs in the student's process, behind the walls, and may be tampered with by the student's
code. It is therefore written for honest students; nothing it says is believed further than as an answer.
"""

from __future__ import annotations

import builtins
import contextlib
import faulthandler
import importlib
import io
import linecache
import sys
import threading
import types
from collections.abc import Callable
from time import monotonic  # By name: a submission may put something else in its place.
from typing import Any, assert_never

import torch

from grader.sandbox import operating, questions, replies, shortage, torch_operators, warm, wire
from grader.sandbox.loading.document import Unusable
from grader.sandbox.loading.load import Loader
from grader.sandbox.operations import (
    Advance,
    CallFunction,
    CallPrinted,
    Continue,
    Define,
    Forget,
    GetAttribute,
    GetItem,
    GetLength,
    GetLibrary,
    GetName,
    IsEqual,
    IsUnequal,
    Load,
    MakeIterator,
    Operate,
    Operation,
    SetAttribute,
    TakeValue,
)
from grader.sandbox.questions import ArrivedQuestion, Callback
from grader.sandbox.settings import Settings
from grader.sandbox.standins import absent
from grader.sandbox.values import MODULE_NAME, Encoder, TooLargeError, class_name, type_name

_STDOUT = 1
_MAX_TEXT = 4000
_MAX_FRAMES = 12
_MOST_KINDS = 20
_MOST_PRINTED = 1 << 20


class CappedOutput(io.RawIOBase):
    """Standard output that stops writing after `limit` bytes: printing a gigabyte costs nobody anything."""

    def __init__(self, line: wire.Line, limit: int) -> None:
        super().__init__()
        self._line = line
        self._left = limit

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return _STDOUT

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        keep = view[: max(self._left, 0)]
        self._left -= len(view)
        while keep:
            keep = keep[self._line.print(keep) :]
        return len(view)


class Room:
    """The state behind the wire: the module, the parked objects, the rules."""

    def __init__(self, line: wire.Line, reply_limit: int, scratch: str) -> None:
        self._line = line
        self._thread = threading.get_ident()
        self._number = 0
        """Of the question that is to be answered."""
        self._together = False
        self._reply_limit = reply_limit
        self._scratch = scratch
        self._module = types.ModuleType(MODULE_NAME)
        self._objects: dict[int, Any] = {}
        self._files: dict[str, str] = {}
        self._forbidden: dict[str, list[tuple[list[str], int]]] = {}
        self._staying: frozenset[type] = frozenset()
        self._settings = Settings()
        self._watch = torch_operators.Watch(self._files)

    def converse(self, last: Callable[[Operation], bool] = lambda operation: False) -> Operation | None:
        """Answer questions until the checker hangs up, or until a question is `last`: it is returned."""
        while True:
            try:
                self._number, data = self._line.read()
            except EOFError:
                return None
            asked = self._decoded(data)
            if isinstance(asked, ArrivedQuestion) and last(asked.operation):
                return asked.operation
            reply = self._answer_decoded(asked)
            # The number is another one where the answer needed a function of the check's.
            self._line.write(self._number, reply)

    def answer(self, question: bytes) -> bytes:
        """One encoded question to one encoded answer. Never raises for what student code does."""
        return self._answer_decoded(self._decoded(question))

    def _decoded(self, data: bytes) -> ArrivedQuestion | list[bytes] | MissingName:
        try:
            return questions.decode(data, self._stored)
        except MissingName as error:
            return error

    def _answer_decoded(self, asked: ArrivedQuestion | list[bytes] | MissingName) -> bytes:
        if isinstance(asked, MissingName):
            return self._encode((replies.RAISED, self._describe(asked)), list, "", frozenset())
        if isinstance(asked, ArrivedQuestion):
            return self._answer(asked)
        self._together = True
        try:
            return self._answer_several(asked)
        finally:
            self._together = False

    def _answer_several(self, asked: list[bytes]) -> bytes:
        """Questions that were put together. Where it stops, the checker asks again for the rest."""
        began = monotonic()
        written: list[bytes] = []
        for data in asked:
            answer = self.answer(data)
            written.append(answer)
            if not replies.goes_on(answer) or sum(map(len, written)) > replies.MOST_BYTES:
                break
            if monotonic() - began > replies.MOST_SECONDS:
                break
        return replies.join(written)

    def _answer(self, asked: ArrivedQuestion) -> bytes:
        operation, function = asked.operation, asked.function
        try:
            if asked.own or not self._settings.changed:
                value = self._run(operation)
            else:
                with self._settings.torchs_own():
                    value = self._run(operation)
            if asked.place:
                self._objects[asked.place], value = value, None
            answer: tuple[str, Any] = (replies.KEPT, Kept(value)) if asked.keep else (replies.VALUE, value)
        except BaseException as error:
            ended = isinstance(operation, Advance) and isinstance(error, StopIteration)
            answer = (replies.STOP, None) if ended else (replies.RAISED, self._describe(error, function))
        seen: replies.Seen = []

        def ran() -> replies.Seen:
            seen.extend(self._watch.take(self._forbidden.get(function, ()), students_alone=not asked.own))
            return seen

        # A copy of what stays here is given where it is asked for by itself.
        staying = frozenset[type]() if isinstance(operation, TakeValue) else self._staying
        return self._encode(answer, ran, function, staying)

    def _run(self, operation: Operation) -> Any:
        """Carry it out. The most frequent come first."""
        match operation:
            case CallFunction(target, args, kwargs):
                function = self._named(target) if isinstance(target, str) else target
                return function(*args, **kwargs)
            case TakeValue(value):
                return value
            case GetAttribute(target, name):
                return getattr(target, name)
            case SetAttribute(target, name, value):
                return setattr(target, name, value)
            case GetItem(target, key):
                return target[key]
            case GetLength(target):
                return len(target)
            case IsEqual(one, other):
                return one == other
            case IsUnequal(one, other):
                return one != other
            case Operate(name, operands):
                return operating.OPERATORS[name](*operands)
            case GetName(name):
                return self._named(name)
            case CallPrinted(target, args, kwargs):
                return _printed(target, args, kwargs)
            case Continue():
                raise RuntimeError("nothing was called that could go on")
            case MakeIterator(target):
                return iter(target)
            case Advance(iterator):
                return "more", next(iterator)
            case GetLibrary(dotted):
                return self._library(dotted)
            case Define(code):
                return self._define(code)
            case Forget(numbers):
                return self._forget(numbers)
            case Load():
                return self._load(operation)
            case _:
                assert_never(operation)

    def _encode(
        self, answer: tuple[str, Any], ran: Callable[[], replies.Seen], function: str, staying: frozenset[type]
    ) -> bytes:
        """The answer, and after it which forbidden operators `ran`: to flush and to write it may run some, too."""
        _flush_output()
        try:
            return self._written(answer, ran, staying)
        except TooLargeError as error:
            answer = replies.TOO_LARGE, str(error)
        except BaseException as error:
            answer = replies.RAISED, self._describe(error, function)
        return self._written(answer, ran, staying)

    def _written(self, answer: tuple[str, Any], ran: Callable[[], replies.Seen], staying: frozenset[type]) -> bytes:
        return replies.encode(*answer, ran, park=self._park, limit=self._reply_limit, staying=staying)

    def _park(self, value: object) -> tuple[int, str]:
        if isinstance(value, Kept):
            value = value.value
        library = absent.library_of(value)
        if library is not None:
            raise absent.NotInstalled(library)
        number = len(self._objects) + 1
        self._objects[number] = value
        return number, type_name(value)

    def _call_back(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the check's: ask for it in place of the reply, and go on with what it gives."""
        if threading.get_ident() != self._thread or self._together:
            raise RuntimeError("a function of the check can be called only while the check waits, and in one thread")
        try:
            asked = replies.encode(
                replies.CALLS,
                (number, args, kwargs),
                list,
                park=self._park,
                limit=self._reply_limit,
                staying=self._staying,
            )
        except TooLargeError as error:
            raise ValueError(f"a function of the check was given {error}") from None
        self._line.write(self._number, asked)
        given = self.converse(lambda operation: isinstance(operation, Continue))
        if not isinstance(given, Continue):
            raise EOFError
        if given.raised is not None:
            kind, message = given.raised
            raise getattr(builtins, kind)(message)
        return given.value

    def _stored(self, number: int | str | Callback) -> Any:
        if isinstance(number, Callback):
            return lambda *args, **kwargs: self._call_back(number.number, args, kwargs)
        return self._named(number) if isinstance(number, str) else self._objects[number]

    def _forget(self, numbers: list[int]) -> None:
        for number in numbers:
            self._objects[number] = None

    # -- loading ---------------------------------------------------------------------------------

    def _load(self, request: Load) -> replies.ModuleClaim:
        self._forbidden = request.forbidden
        if request.forbidden:
            torch_operators.close_the_ways_round()
        try:
            return Loader(self._module, self._files, self._scratch).load(request)
        finally:
            self._settings.keep()
            found = (self._module.__dict__.get(name) for name in request.objects)
            self._staying = frozenset(kind for kind in found if isinstance(kind, type))
            faulthandler.disable()
            if request.forbidden:
                self._watch.begin()

    # -- names -----------------------------------------------------------------------------------

    def _named(self, name: str) -> Any:
        try:
            return self._module.__dict__[name]
        except KeyError:
            raise MissingName(name) from None

    def _library(self, dotted: str) -> Any:
        if hasattr(builtins, dotted):
            return getattr(builtins, dotted)
        if dotted == MODULE_NAME:
            return self._module
        return importlib.import_module(dotted)

    def _define(self, code: types.CodeType) -> types.ModuleType:
        namespace = types.ModuleType("defined_by_the_check")
        namespace.__dict__.update(torch=torch, nn=torch.nn)
        sys.modules[namespace.__name__] = namespace
        exec(code, namespace.__dict__)
        return namespace

    # -- exceptions ------------------------------------------------------------------------------

    def _describe(self, error: BaseException, function: str = "") -> replies.ExceptionClaim:
        message = absent.sentence_of(error, function) or _text_of(error)
        described: replies.ExceptionClaim = {
            "type": type_name(error),
            "kinds": [class_name(kind) for kind in type.mro(type(error))[:_MOST_KINDS]],
            "message": message,
            "frames": self._frames(error),
            "memory": isinstance(error, MemoryError) or any(p in message for p in shortage.PHRASES),
            "missing": isinstance(error, MissingName),
            "unusable": isinstance(error, Unusable),
            "late": isinstance(error, Unusable) and error.late,
            "absent": absent.sentence_of(error, function) != "",
        }
        if isinstance(error, SyntaxError):
            line = error.lineno if isinstance(error.lineno, int) else 0
            described["syntax"] = {
                "file": str(self._files.get(error.filename or "", error.filename or "")),
                "line": line,
                "column": error.offset if isinstance(error.offset, int) else 0,
                "text": (error.text or "")[:200].rstrip("\n") if isinstance(error.text, str) else "",
                "message": str(error.msg)[:300],
                "hint": str(getattr(error, "hint", ""))[:400],
            }
        return described

    def _frames(self, error: BaseException) -> list[tuple[str, int, str, str]]:
        frames: list[tuple[str, int, str, str]] = []
        traceback = error.__traceback__
        while traceback is not None:
            code = traceback.tb_frame.f_code
            if code.co_filename in self._files:
                text = linecache.getline(code.co_filename, traceback.tb_lineno).strip()[:200]
                frames.append((self._files[code.co_filename], traceback.tb_lineno, code.co_name[:100], text))
            traceback = traceback.tb_next
        if len(frames) > _MAX_FRAMES:
            frames = frames[: _MAX_FRAMES // 2] + frames[-_MAX_FRAMES // 2 :]
        return frames


class Kept:
    """Marks a value that the checker wants to stay here, whatever its type."""

    def __init__(self, value: Any) -> None:
        self.value = value


class MissingName(Exception):
    """The submission does not define a name that a check calls."""


def _text_of(error: BaseException) -> str:
    try:
        return str(error)[:_MAX_TEXT]
    except BaseException:
        return "(an exception whose message could not be read)"


class _Printed(io.StringIO):
    """Takes what a call prints, up to `_MOST_PRINTED` characters."""

    def write(self, text: str) -> int:
        super().write(text[: max(_MOST_PRINTED - self.tell(), 0)])
        return len(text)


def _printed(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[str, Any]:
    with contextlib.redirect_stdout(_Printed()) as printed:
        result = function(*args, **kwargs)
    return printed.getvalue(), result


def _flush_output() -> None:
    # One and the same, unless the submission has changed that.
    for stream in (sys.stdout,) if sys.stderr is sys.stdout else (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()


def _single_process_loaders() -> None:
    """torch's DataLoader cannot start worker processes in here: it loads in this process instead."""
    loader: Any = torch.utils.data.DataLoader
    original = loader.__init__

    def in_this_process(self: Any, *args: Any, **kwargs: Any) -> None:
        for name in ("num_workers", "persistent_workers", "prefetch_factor", "multiprocessing_context", "timeout"):
            kwargs.pop(name, None)
        named = dict(zip(("collate_fn", "pin_memory", "drop_last"), args[6:9], strict=False))
        original(self, *args[:5], **kwargs, **named)

    loader.__init__ = in_this_process


def serve(line: wire.Line, greeted: int, *, hello: object, reply_limit: int, output_limit: int, scratch: str) -> None:
    """Answer questions until the checker hangs up. The walls stand already; `hello` says which.

    It answers the checker's greeting, which had the number `greeted`.
    """
    sys.stdin = io.StringIO()
    # Twice the limit: what is cut here would be cut by the checker as well, which counts for itself.
    capped = io.BufferedWriter(CappedOutput(line, 2 * output_limit + 4096), 8192)
    sys.stdout = io.TextIOWrapper(capped, encoding="utf-8", errors="replace", line_buffering=True)
    sys.stderr = sys.stdout
    vars(sys).update(__stdout__=sys.stdout, __stderr__=sys.stdout)
    room = Room(line, reply_limit, scratch)
    _single_process_loaders()
    warm.begin_alike()
    line.write(greeted, Encoder(room._park, limit=reply_limit).encode(hello))
    room.converse()
