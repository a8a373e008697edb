"""Noticing which of torch's operators run: their kernels are replaced by ones that note their name and go
on.

This happens in the dispatcher, where every alias ends up: a function, a module, `torch.ops`, a scripted or vectorised
function, another thread. Operators that nobody asks for are left alone, so that watching costs an honest submission
nothing.

A kernel is replaced for every kind of tensor that the CPU computes with, and, where it is a composition of other
operators that would otherwise be taken apart before that, for the CPU's autograd key as well. All of this happens
before any student code runs.

Where operators may run only so often, an operator that runs as part of another is not counted: a matrix product is
one, whatever torch makes it of. Nor is what the grader itself runs, to read a question and to write a reply.

A watch is on from the end of loading, not during calls alone: an operator that runs only when the reply is written, or
when the check comes back to what was returned, or in a thread, is told with the next reply.
"""

from __future__ import annotations

import fnmatch
import functools
import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
import torch.library

from grader.sandbox import decoding, questions, values
from grader.sandbox.replies import Seen, Sighting

_MOST_TOLD = 8
_NOWHERE = "", 0
# One kernel for whatever computes: found, and called, by the key of any backend, also of one that is not here.
_ANY_BACKEND, _NOBODYS_BACKEND = "CompositeExplicitAutograd", "PrivateUse3"
# Tensors that the CPU computes with, besides plain ones.
_MKLDNN = "MkldnnCPU"
_NUMBERS = {bool: torch.bool, int: torch.int64, float: torch.float64, complex: torch.complex128}
_OTHER_LAYOUTS = ("QuantizedCPU", _MKLDNN, "SparseCPU", "SparseCsrCPU", "NestedTensorCPU")

_replaced: frozenset[str] = frozenset()
_libraries: list[Any] = []
_watch: Watch | None = None


class _Ran:
    """How often an operator ran, and where first."""

    def __init__(self, place: tuple[str, int]) -> None:
        self.place = place
        self.times = 0


class Watch:
    """Which of the operators that are looked for have run since it was last asked."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        # One line for each operator is enough to tell, and as much as a loop should make us keep.
        self._ran: dict[tuple[str, bool], _Ran] = {}

    def begin(self) -> None:
        """Note, from now on, what runs in whatever thread."""
        global _watch
        _watch = self

    def note(self, name: str) -> None:
        """An operator that is looked for is running."""
        asker = first = sys._getframe(1).f_back
        while asker is not None and asker.f_code.co_filename == __file__:
            asker = asker.f_back
        if asker is not None and asker.f_code.co_filename in _GRADERS_OWN:
            return
        place = self._student_line()
        ran = self._ran.setdefault((name, place != _NOWHERE), _Ran(place))
        # Else kernels of ours lie between: another operator that is looked for is made of this one, and counts already.
        ran.times += asker is first

    def take(self, rules: Sequence[tuple[Sequence[str], int]], *, students_alone: bool = False) -> Seen:
        """What has run since the last time against `rules`, each of them patterns and how often these may run;
        `students_alone` leaves out what no line of the student's led to.
        """
        ran, self._ran = self._ran, {}
        seen: Seen = []
        for number, (patterns, at_most) in enumerate(rules):
            against = [
                (name, what)
                for (name, by_student), what in ran.items()
                if (by_student or not students_alone) and any(fnmatch.fnmatchcase(name, each) for each in patterns)
            ]
            if not at_most:
                seen += [Sighting(name, *what.place, number, 1) for name, what in against]
            elif (times := sum(what.times for _, what in against)) > at_most:
                name, what = max(against, key=lambda item: item[1].times)
                seen.append(Sighting(name, *what.place, number, times))
        return seen[:_MOST_TOLD]

    def _student_line(self) -> tuple[str, int]:
        frame = sys._getframe(2)
        while frame is not None:
            if frame.f_code.co_filename in self._files:
                return self._files[frame.f_code.co_filename], frame.f_lineno
            frame = frame.f_back  # type: ignore[assignment]
        return _NOWHERE


_GRADERS_OWN = frozenset({decoding.__file__, questions.__file__, values.__file__})


def matching(pattern: str) -> list[str]:
    """Names of the dispatcher's operators, with overload, that a pattern with wildcards stands for."""
    return [name for name in torch._C._dispatch_get_all_op_names() if fnmatch.fnmatchcase(name.split(".")[0], pattern)]


def replace_for(patterns: Iterable[str]) -> None:
    """Replace the kernels of the operators that the patterns stand for, and put back those of all others.

    A watch is one problem's: the next one on the same process finds torch as it was.
    """
    global _replaced
    wanted = frozenset(patterns)
    if wanted == _replaced:
        return
    while _libraries:
        # The last registration first: each one uncovers what it had covered.
        _libraries.pop()._destroy()
    _replaced = wanted
    _ways_round()
    with warnings.catch_warnings():
        # torch warns of every replaced kernel, and here that is the purpose.
        warnings.simplefilter("ignore")
        for name in sorted({name for pattern in wanted for name in matching(pattern)}):
            _replace(name)


def close_the_ways_round() -> None:
    """Close, for good, in a room whose operators are watched, what would run them where no dispatcher sees them, and
    what the replaced kernels cannot serve. Called before any student code runs.
    """
    for name in _ways_round():
        vars(torch._C).pop(name, None)
    for kind, names in ((torch._C.Graph, _GRAPH_MAKERS), (torch._C.Node, _SUBGRAPH_SETTERS)):
        for name in names:
            if hasattr(kind, name):
                delattr(kind, name)
    sys.addaudithook(_refuse_foreign_code)
    # A kernel in Python leaves its result with a Python object of its own, which torch's own ways to make a tensor a
    # parameter refuse. They are `detach` and `alias`, and another class.
    tensor: Any = torch.Tensor
    tensor._make_subclass = staticmethod(_made_subclass)
    tensor.as_subclass = _as_subclass


# A node of TorchScript's may hold a graph that a library of its own runs (oneDNN, NNC): fusion groups. torch's compiler
# makes them when it is told to; somebody can make them by hand, of text or node by node. The dispatcher sees whatever
# else a graph holds.
_ROUND = (
    "parse_ir",
    "_te",
    "_create_function_from_graph",
    "_fuse_to_static_module",
    "_jit_*llga*",
    "_jit_set_texpr_fuser_enabled",
    "_jit_texpr_set_fallback_allowed",
    "_jit_override_can_fuse*",
    "_jit_set_nvfuser*",
    "_jit_pass_*fus*",
    "_jit_pass_*prepack*",
    "_jit_pass_*mkldnn*",
    "_jit_pass_*rewrite*",
    "_load_for_lite_interpreter*",
)


@functools.cache
def _ways_round() -> tuple[str, ...]:
    """Names of torch._C that `_ROUND` stands for. To search takes 12 ms: it is done before rooms are forked."""
    return tuple(name for name in vars(torch._C) if any(fnmatch.fnmatchcase(name, each) for each in _ROUND))


_GRAPH_MAKERS = ("create", "createClone", "createFusionGroup", "createCudaFusionGroup", "insertGraph")
_SUBGRAPH_SETTERS = ("g_", "gs_")
_FOREIGN = frozenset({"ctypes.dlopen", "ctypes.dlsym", "ctypes.dlsym/handle", "ctypes.call_function"})
_FOREIGN_MODULES = frozenset({"cffi", "_cffi_backend"})


def _refuse_foreign_code(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook, which nothing in Python can take away: no function of a C library is called by its name."""
    if event in _FOREIGN or (event == "import" and arguments[0] in _FOREIGN_MODULES):
        raise RuntimeError(f"{event.partition('.')[0]} is closed here: this problem forbids some operators of torch")


_make_subclass = torch.Tensor._make_subclass


# With the parameters that torch's compiler expects of it.
def _made_subclass(cls: type[Any], data: torch.Tensor, requires_grad: bool = False, **kwargs: Any) -> Any:
    with torch._C.DisableTorchFunctionSubclass():
        try:
            made: Any = data.detach().requires_grad_(requires_grad)
            made.__class__ = cls
        except (TypeError, RuntimeError):  # A class of another layout, whole numbers: torch's own to do, or to refuse.
            return _make_subclass(cls, data, requires_grad, **kwargs)
    return made


def _as_subclass(self: torch.Tensor, kind: Any) -> Any:
    with torch._C.DisableTorchFunctionSubclass():
        seen: Any = torch.ops.aten.alias(self)
        seen.__class__ = kind
    return seen


def _replace(name: str) -> None:
    has_kernel = torch._C._dispatch_has_kernel_for_dispatch_key
    composition = has_kernel(name, "CompositeImplicitAutograd")
    keys = {"CPU": composition or has_kernel(name, "CPU"), "AutogradCPU": composition}
    keys |= {key: has_kernel(name, key) for key in (_ANY_BACKEND, *_OTHER_LAYOUTS)}
    # All are looked up before one is replaced: where the CPU has a kernel of its own, torch takes a composition for
    # an operator with a derivative of its own, and finds none.
    originals = {key: _kernel(name, key) for key, wanted in keys.items() if wanted}
    for key, original in originals.items():
        if original is not None:
            _replace_for(name, key, original)


def _kernel(name: str, key: str) -> Any:
    try:
        if key == _MKLDNN:
            return torch.library.get_kernel(name, _mkldnn_key())
        return torch.library.get_kernel(name, _NOBODYS_BACKEND if key == _ANY_BACKEND else key)
    except RuntimeError:
        return None  # Nothing would run there.


@functools.cache
def _mkldnn_key() -> Any:
    """The key of oneDNN's tensors: the one that torch has given no name in Python."""
    keys = torch._C._dispatch_keys(torch.zeros(1).to_mkldnn())
    while (key := keys.highestPriorityTypeId()).name in torch._C.DispatchKey.__members__:
        keys = keys.remove(key)
    return key


def _replace_for(name: str, key: str, original: Any) -> None:
    namespace, _, operator = name.partition("::")
    plain_name = name.split(".")[0]
    tensors = _tensor_arguments(name)

    def noted(keyset: Any, *args: Any, **kwargs: Any) -> Any:
        if _watch is not None:
            _watch.note(plain_name)
        if any(type(args[index]) in _NUMBERS for index in tensors if index < len(args)):
            args = _with_tensors(args, tensors)
        return original.call_boxed(keyset, *args, **kwargs)

    # The registration lasts as long as its library object.
    library: Any = torch.library.Library(namespace, "IMPL")  # type: ignore[no-untyped-call]
    library.impl(operator, noted, key, with_keyset=True, allow_override=True)
    _libraries.append(library)


def _tensor_arguments(name: str) -> tuple[int, ...]:
    """Positions at which an operator takes a tensor."""
    plain_name, _, overload = name.partition(".")
    arguments = torch._C._get_schema(plain_name, overload).arguments
    return tuple(index for index, argument in enumerate(arguments) if str(argument.type) == "Tensor")


def _with_tensors(args: tuple[Any, ...], positions: tuple[int, ...]) -> tuple[Any, ...]:
    """The arguments with a tensor where torch had made a plain number of one, as it does with the 2 of `x * 2`."""
    others = [args[index] for index in positions if isinstance(args[index], torch.Tensor)]
    given = list(args)
    for index in positions:
        if type(given[index]) in _NUMBERS:
            given[index] = _as_tensor(given[index], others)
    return tuple(given)


def _as_tensor(number: complex, others: list[torch.Tensor]) -> torch.Tensor:
    """A number as a tensor that changes nobody's dtype, just as the number would not."""
    own = _NUMBERS[type(number)]
    main = max(others, key=lambda other: (_rank(other.dtype), other.ndim), default=None)
    if main is None or (main.ndim and _rank(main.dtype) >= _rank(own)):
        return torch.scalar_tensor(number, dtype=own)
    return torch.scalar_tensor(number, dtype=torch.result_type(main, number))


def _rank(dtype: torch.dtype) -> int:
    """Which dtypes give way to which: bool, whole numbers, floats, complex ones."""
    return 3 if dtype.is_complex else 2 if dtype.is_floating_point else int(dtype is not torch.bool)
