"""torch as students use it, on a machine without accelerators and compilers.

A submission that asks for a graphics card without asking whether there is one is graded on the CPU: whatever names
another device gets the CPU, and the report says so. The result is the same, and the course's machines are not the
student's. `torch.compile` leaves a function or model what it is: the room has no compiler. It has no further threads,
either: how many a file asks for changes no result.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from grader.sandbox.loading.document import Document

_ELSEWHERE = ("cuda", "hpu", "mps", "xla", "xpu")
_MOVES = frozenset({"cuda", "xpu", "hpu"})
_ABOUT_COMPILING = ("allow_in_graph", "assume_constant_result", "disable", "substitute_in_graph")
_ASKS = ("is_available", "device_count", "is_built", "current_accelerator")


class Devices:
    """What one submission asked for that is not here."""

    def __init__(self, document: Document) -> None:
        self._requests = list(_unguarded(document))
        self._script = document.script
        self.compiled = False

    @property
    def asks_for_others(self) -> bool:
        """Whether it names another device without asking whether there is one."""
        return bool(self._requests)

    def notes(self) -> list[str]:
        """Sentences for the student."""
        told = []
        if self._requests:
            label, line, text = self._requests[0]
            place = f"line {line}" if self._script else f"{label}, line {line}"
            told.append(
                f"This machine grades on the CPU; {place} asks for {text} without asking whether it is there, and got "
                'the CPU. `device = "cuda" if torch.cuda.is_available() else "cpu"` works everywhere.'
            )
        if self.compiled:
            told.append("torch.compile has no compiler here; what it was given runs uncompiled.")
        return told


@contextlib.contextmanager
def as_on_the_cpu(document: Document, *, beside: bool) -> Iterator[Devices]:
    """Put this in place, for the load and for all calls after it. `beside` is whether there are other files."""
    devices = Devices(document)
    vars(torch).update(set_num_threads=_nothing, set_num_interop_threads=_nothing)
    if beside or any("compile" in source for _, source in document.sources):
        _leave_uncompiled(devices)  # Changing a class of torch's takes long enough to be worth the question.
    if devices.asks_for_others:
        _OnTheCpu().__enter__()  # type: ignore[no-untyped-call]
        _say_nothing_to_the_card()
    yield devices


def _leave_uncompiled(devices: Devices) -> None:
    def uncompiled(model: Any = None, **options: Any) -> Any:
        devices.compiled = True
        return model if model is not None else lambda function: function

    def in_place(self: Any, *args: Any, **options: Any) -> None:
        devices.compiled = True

    torch.compile = uncompiled
    for name in _ABOUT_COMPILING:  # Each of them would first import the compiler, which takes seconds.
        setattr(torch.compiler, name, _as_it_is)
    torch.nn.Module.compile = in_place  # type: ignore[method-assign]


# -- other devices -------------------------------------------------------------------------------


class _OnTheCpu(TorchFunctionMode):
    """Replaces every device that is named to torch by the CPU."""

    def __torch_function__(self, func: Any, kinds: Any, args: Any = (), kwargs: Any = None) -> Any:
        if getattr(func, "__name__", "") in _MOVES and args and isinstance(args[0], torch.Tensor):
            return args[0]
        named = {key: _here(value) for key, value in (kwargs or {}).items()}
        return func(*map(_here, args), **named)


def _here(value: Any) -> Any:
    if isinstance(value, str) and value.split(":")[0] in _ELSEWHERE:
        return "cpu"
    if isinstance(value, torch.device) and value.type in _ELSEWHERE:
        return torch.device("cpu")
    return value


def _say_nothing_to_the_card() -> None:
    """What waits for a card, or seeds it, has nothing to do."""
    for module in (torch.cuda, torch.mps):
        for name in ("synchronize", "empty_cache", "manual_seed", "manual_seed_all"):
            if hasattr(module, name):
                setattr(module, name, _nothing)


def _as_it_is(function: Any = None, **options: Any) -> Any:
    return function if function is not None else _as_it_is


def _nothing(*args: Any, **kwargs: Any) -> None: ...


def _unguarded(document: Document) -> Iterator[tuple[str, int, str]]:
    """(label, line, device) of the requests without a condition above them that asks whether the device is there."""
    if not any(device in source for _, source in document.sources for device in _ELSEWHERE):
        return
    statements = [(cell.label, statement) for cell in document.cells for statement in cell.statements]
    known = {name for _, statement in statements for name in _answers_in(statement)}
    for label, statement in statements:
        for line, text in _requests(statement, known):
            yield label, line, text


def _answers_in(statement: ast.AST) -> Iterator[str]:
    """Names that hold whether a device is there, such as ``use_cuda``."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Assign) and any(_asks(part, set()) for part in ast.walk(node.value)):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _requests(node: ast.AST, known: set[str]) -> Iterator[tuple[int, str]]:
    if isinstance(node, (ast.If, ast.IfExp, ast.BoolOp)):
        condition = node if isinstance(node, ast.BoolOp) else node.test
        if any(_asks(part, known) for part in ast.walk(condition)):
            return
    if isinstance(node, ast.Compare):
        return  # It asks which device something is on.
    text = _device_of(node)
    if text:
        yield node.lineno, text  # type: ignore[attr-defined]
    for child in ast.iter_child_nodes(node):
        yield from _requests(child, known)


def _asks(node: ast.AST, known: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in known
    return isinstance(node, ast.Attribute) and node.attr in _ASKS


def _device_of(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.split(":")[0] in _ELSEWHERE:
        return node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _MOVES:
        return node.func.attr
    return ""
