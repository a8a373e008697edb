"""Stand-ins for libraries that are not installed where a submission is graded.

While the file is loaded, a stand-in lets everything go on: a data set at the top, a plot, a base class, an annotation
cost nobody a function. From then on it may still be passed around, called and written to, as code that logs or plots
does; but it never becomes a value. A function that needs one to be a number, a truth or a tensor fails with a sentence
that names the library, and one that returns it does so too.
"""

from __future__ import annotations

import abc
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, Generic, Protocol

from grader.sandbox.standins import running_line

# These draw, show or log. A function asks them for something on a screen, so it may loop over what they return.
_SHOWING = frozenset(
    {"IPython", "altair", "bokeh", "comet_ml", "google.colab", "ipywidgets", "matplotlib", "mlflow", "mpl_toolkits",
     "neptune", "plotly", "pylab", "seaborn", "tensorboard", "tensorboardX", "tqdm", "visdom", "wandb"}
)  # fmt: skip
_ALWAYS = ("numpy", "torch")
"""What every course has installed for students, besides Python's own modules."""

# Plain numbers and texts: a name that is bound to one may hold what a stand-in was taken for.
_PLAIN = (bool, int, float, complex, str, bytes, list, tuple, dict, set)


class NotInstalled(ImportError):
    """A student's function needs a library that is not installed here."""

    __module__ = "builtins"  # Students read its name in tracebacks.

    def __init__(self, library: str) -> None:
        super().__init__(f"{library} is not installed where it is graded")
        self.library = library


def sentence_of(error: BaseException, function: str) -> str:
    """What a student reads where a function failed for want of a library; empty where it failed of something else."""
    if _State.loading or not isinstance(error, (NotInstalled, ModuleNotFoundError)):
        return ""
    library = error.library if isinstance(error, NotInstalled) else str(error.name or "").split(".")[0]
    if not library:
        return ""
    return (
        f"`{function or 'the submission'}` uses {library}, which is not installed where it is graded; "
        f"besides Python's own modules, {may_be_imported()}"
    )


def allow(packages: Iterable[str]) -> None:
    """This course lets students import these modules, too."""
    _State.packages = tuple(packages)


def may_be_imported() -> str:
    """What is installed for students, as the end of a sentence without a full stop."""
    names = [*_ALWAYS, *(name for name in _State.packages if name not in _ALWAYS)]
    return f"{', '.join(names[:-1])} and {names[-1]} may be imported"


class _State:
    """What this process does: loads a file, or answers questions about it."""

    loading = True
    packages: tuple[str, ...] = ()
    converted: str | None = None
    """The library whose stand-in was last taken for a value."""
    modules: ClassVar[list[AbsentModule]] = []
    """Stand-ins that `sys.modules` holds."""


def is_loading() -> bool:
    """Whether the file is still being loaded."""
    return _State.loading


def finish_loading() -> None:
    """From now on a stand-in that is needed as a value fails."""
    _State.loading = False


def take_converted() -> str | None:
    """The library whose stand-in was taken for a value since this was last asked, if any."""
    library, _State.converted = _State.converted, None
    return library


def forget_modules() -> None:
    """Forget which libraries were asked for: a fallback, or torch itself, finds out anew that one is not here."""
    while _State.modules:
        module = _State.modules.pop()
        if sys.modules.get(module.__name__) is module:
            del sys.modules[module.__name__]


def only_shows(library: str) -> bool:
    """Whether a library only shows things: no answer comes from it."""
    return library in _SHOWING


def library_of(value: object) -> str | None:
    """The library that `value` stands for, where it is a stand-in."""
    if type(value) is Absent or type(value) is AbsentModule:
        return str(vars(value)["_library"])
    if isinstance(value, type) and issubclass(value, AbsentBase):
        return value.absent_library
    return None


def caught(exceptions: Any) -> Any:
    """What an `except` catches, without stand-ins: nothing raises an exception of a library that is not there."""
    if isinstance(exceptions, tuple):
        return tuple(each for each in exceptions if _is_caught(each))
    return exceptions if _is_caught(exceptions) else ()


def _is_caught(kind: Any) -> bool:
    return library_of(kind) is None or (isinstance(kind, type) and issubclass(kind, BaseException))


def matched(kind: Any) -> Any:
    """The class that a `case` asks for; for a stand-in, a class without instances."""
    return kind if isinstance(kind, type) or library_of(kind) is None else _OfNothing


class _Never(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return False


class _OfNothing(metaclass=_Never):
    """A class without instances."""


def in_place_of(library: str, value: object) -> object:
    """What a name holds that was bound while stand-ins of `library` were taken for values."""
    return Absent(library, library) if type(value) in _PLAIN else value


def _value(self: Absent, stands_for: Any) -> Any:
    """`stands_for`, while that costs nobody a wrong answer. Raises `NotInstalled`."""
    library = vars(self)["_library"]
    if not _State.loading:
        raise NotInstalled(library)
    _State.converted = library
    return stands_for


def _quiet_value(self: Absent, stands_for: Any) -> Any:
    """The same, for what a function may do to draw."""
    return stands_for if not _State.loading and only_shows(vars(self)["_library"]) else _value(self, stands_for)


def _another(sign: str) -> Callable[..., Any]:
    def operator(self: Absent, *others: Any) -> Any:
        return Absent(f"{vars(self)['_name']}{sign}", vars(self)["_library"])

    return operator


def _compared(self: Absent, other: Any) -> Any:
    _value(self, True)
    return Absent(f"{vars(self)['_name']} compared", vars(self)["_library"])


class Absent:
    """Whatever comes out of a library that is not there."""

    __module__ = "builtins"  # torch would show students the place of this file.

    def __init__(self, name: Any, library: str = "", *args: Any, **kwargs: Any) -> None:
        if "_library" in vars(self):  # A student's class calls the `__init__` of its base by name.
            _refuse_alone(name, vars(self)["_library"])
            return
        vars(self).update(_name=name, _library=library)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Absent(f"{vars(self)['_name']}.{name}", vars(self)["_library"])

    def __setattr__(self, name: str, value: Any) -> None: ...

    def __delattr__(self, name: str) -> None: ...

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and running_line.is_decorating(sys._getframe(1)):
            return args[0]  # As a decorator it leaves the function what it is.
        if len(args) == 3 and [type(each) for each in args] == [str, tuple, dict]:
            return type(*args)  # As a metaclass it leaves the class what it is.
        return Absent(f"{vars(self)['_name']}()", vars(self)["_library"])

    def __getitem__(self, key: Any) -> Any:
        return Absent(f"{vars(self)['_name']}[]", vars(self)["_library"])

    def __setitem__(self, key: Any, value: Any) -> None: ...

    def __delitem__(self, key: Any) -> None: ...

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exception: object) -> None: ...

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *exception: object) -> None: ...

    def __await__(self) -> Any:
        yield from ()
        return self

    def __iter__(self) -> Iterator[Any]:
        """As many items as are unpacked; else one, so that a loop over it is run."""
        count = running_line.unpacked(sys._getframe(1))
        if count is None:
            count = _quiet_value(self, 1)
        library = vars(self)["_library"]
        return iter([Absent(f"{vars(self)['_name']}[{index}]", library) for index in range(count)])

    async def __aiter__(self) -> Any:
        yield Absent(f"{vars(self)['_name']}[0]", vars(self)["_library"])

    def __len__(self) -> int:
        return int(_quiet_value(self, 1))

    def __bool__(self) -> bool:
        return running_line.is_typing(sys._getframe(1)) or bool(_quiet_value(self, True))

    def __int__(self) -> int:
        return int(_value(self, 1))

    def __float__(self) -> float:
        return float(_value(self, 1.0))

    def __complex__(self) -> complex:
        return complex(_value(self, 1.0))

    def __index__(self) -> int:
        return int(_value(self, 0))

    def __contains__(self, item: Any) -> bool:
        return bool(_value(self, False))

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> Any:
        if self is other:
            return True
        # No class is one of a library that is not there, and annotations are compared to nobody's harm.
        if not isinstance(other, type) and not running_line.is_typing(sys._getframe(1)):
            _value(self, False)
        return False

    def __ne__(self, other: object) -> Any:
        return not self == other

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise NotInstalled(vars(self)["_library"])

    @classmethod
    def __torch_function__(cls, func: Any, kinds: Any, args: Any = (), kwargs: Any = None) -> Any:
        found = next(_absent_in((args, kwargs or {})), None)
        if found is None or not _State.loading:
            raise NotInstalled(vars(found)["_library"] if found is not None else "a library")
        return Absent("torch()", vars(found)["_library"])

    def __instancecheck__(self, instance: Any) -> bool:
        return False  # Nothing is of a class that is not there.

    def __subclasscheck__(self, subclass: Any) -> bool:
        return False

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        name = vars(self)["_name"].rsplit(".", 1)[-1]
        namespace = {"absent_library": vars(self)["_library"], "__module__": vars(self)["_library"]}
        also = (Exception,) if name.endswith(_EXCEPTIONS) else ()
        return (type(name if name.isidentifier() else "Absent", (AbsentBase, *also), namespace),)

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: Any) -> Any:
        return self

    def __repr__(self) -> str:
        return f"<{vars(self)['_name']}: {vars(self)['_library']} is not installed here>"

    def __format__(self, spec: str) -> str:
        return repr(self)


_OPERATORS = ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow", "lshift", "rshift", "and",
              "xor", "or")  # fmt: skip
for _operator in _OPERATORS:
    for _side in ("", "r", "i"):
        setattr(Absent, f"__{_side}{_operator}__", _another(f" {_operator} …"))
for _operator in ("neg", "pos", "abs", "invert", "round", "trunc", "floor", "ceil"):
    setattr(Absent, f"__{_operator}__", _another(f" {_operator}"))
for _operator in ("lt", "le", "gt", "ge"):
    setattr(Absent, f"__{_operator}__", _compared)


_EXCEPTIONS = ("Error", "Exception", "Warning")
"""How the names of exceptions end. A class that inherits from one can be raised."""
_EMPTY = (object, abc.ABC, Generic, Protocol)
"""Bases that make nothing of an instance."""


class AbsentBase:
    """What a class inherits from that names a stand-in as its base. Beside another base it changes nothing."""

    absent_library = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        kinds = cls.__mro__[cls.__mro__.index(AbsentBase) + 1 :]
        following = next(kind for kind in kinds if "__init_subclass__" in vars(kind))
        super().__init_subclass__(**({} if following is object else kwargs))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        following = type(self).__mro__[type(self).__mro__.index(AbsentBase) + 1]
        if following is not object:
            super().__init__(*args, **kwargs)
        _refuse_alone(self, self.absent_library)

    def __getattr__(self, name: str) -> Any:
        others = getattr(super(), "__getattr__", None)
        if others is not None:
            return others(name)
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Absent(f"{type(self).__name__}.{name}", type(self).absent_library)


def _refuse_alone(instance: Any, library: str) -> None:
    """Raise `NotInstalled` where an instance has nothing but what its class inherits from a library."""
    others = [kind for kind in type(instance).__mro__ if kind not in _EMPTY and not issubclass(kind, AbsentBase)]
    if not others and not _State.loading and not only_shows(library):
        raise NotInstalled(library)


class AbsentModule(types.ModuleType):
    """A module of a library that is not there."""

    def __init__(self, name: str, library: str) -> None:
        super().__init__(name)
        vars(self).update(_library=library, __version__="0.0.0", __all__=[], __path__=[])
        _State.modules.append(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Absent(f"{self.__name__}.{name}", vars(self)["_library"])

    def __setattr__(self, name: str, value: Any) -> None:
        vars(self)[name] = value


def _absent_in(values: Any, depth: int = 0) -> Iterator[Absent]:
    if isinstance(values, Absent):
        yield values
    elif isinstance(values, (tuple, list)) and depth < 4:
        for item in values:
            yield from _absent_in(item, depth + 1)
    elif isinstance(values, dict) and depth < 4:
        for item in values.values():
            yield from _absent_in(item, depth + 1)
