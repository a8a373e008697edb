"""What has a use in front of a screen and none in a room: plots, progress bars, a prompt, IPython's shell.

Stand-ins let code that uses them go on. Libraries that draw are replaced only where they are not installed.
"""

from __future__ import annotations

import asyncio
import builtins
import importlib.abc
import importlib.machinery
import os
import selectors
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

_SHOWING = ("matplotlib", "mpl_toolkits", "pylab", "seaborn", "plotly", "bokeh", "altair", "ipywidgets", "tqdm",
            "google.colab")  # fmt: skip


class Quiet:
    """Everything that can be asked of it is another one of its kind, and does nothing."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Quiet(f"{self._name}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and isinstance(args[0], (types.FunctionType, type)):
            return args[0]  # As a decorator it leaves the function what it is.
        special = _SPECIAL.get(self._name.rsplit(".", 1)[-1])
        return special(*args, **kwargs) if special is not None else Quiet(f"{self._name}()")

    def __getitem__(self, key: Any) -> Quiet:
        return Quiet(f"{self._name}[]")

    def __setitem__(self, key: Any, value: Any) -> None: ...

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Quiet:
        return self

    def __exit__(self, *exception: object) -> None: ...

    def __repr__(self) -> str:
        return f"<{self._name}: nothing is shown here>"


class _Progress(Quiet):
    """A progress bar: iterates over what it was given."""

    def __init__(self, iterable: Any = (), *args: Any, **kwargs: Any) -> None:
        super().__init__("tqdm")
        self._iterable = iterable

    def __iter__(self) -> Iterator[Any]:
        return iter(self._iterable)

    def __len__(self) -> int:
        return len(self._iterable)


def _axes(rows: int = 1, columns: int = 1, *, squeeze: bool = True, **kwargs: Any) -> tuple[Quiet, Any]:
    """What `plt.subplots` returns: a figure, and one pair of axes or an array of them."""
    import numpy as np

    rows, columns = kwargs.get("nrows", rows), kwargs.get("ncols", columns)
    grid = np.empty((rows, columns), dtype=object)
    for index in np.ndindex(grid.shape):
        grid[index] = Quiet("axes")
    if not squeeze:
        return Quiet("figure"), grid
    return Quiet("figure"), grid.item() if grid.size == 1 else grid.squeeze()


# Calls whose result is taken apart at once.
_SPECIAL: dict[str, Callable[..., Any]] = {
    "subplots": _axes,
    "plot": lambda *args, **kwargs: [Quiet("line")],
    "hist": lambda *args, **kwargs: (Quiet("counts"), Quiet("bins"), Quiet("patches")),
    "tqdm": _Progress,
    "tqdm_notebook": _Progress,
    "trange": lambda *args, **kwargs: _Progress(range(*args)),
}


class Shell(Quiet):
    """What `get_ipython()` returns: no magic does anything, no command is run."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        super().__init__("IPython")
        self.user_ns = namespace

    def run_line_magic(self, *args: Any, **kwargs: Any) -> None: ...

    def run_cell_magic(self, *args: Any, **kwargs: Any) -> None: ...

    def magic(self, *args: Any, **kwargs: Any) -> None: ...

    def system(self, *args: Any, **kwargs: Any) -> None: ...

    def getoutput(self, *args: Any, **kwargs: Any) -> list[str]:
        return []


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Asked last, when nothing installed has the name."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        wanted = any(f"{fullname}.".startswith(f"{root}.") or root.startswith(f"{fullname}.") for root in _SHOWING)
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True) if wanted else None

    def exec_module(self, module: types.ModuleType) -> None:
        whole = Quiet(module.__name__)
        module.__dict__.update(__getattr__=whole.__getattr__, __all__=[], __version__="0")


def install(namespace: dict[str, Any]) -> None:
    """Put the stand-ins in place, for the module whose namespace this is. For scripts and notebooks alike."""
    os.environ["MPLBACKEND"] = "agg"
    sys.meta_path.append(_Finder())
    shell = Shell(namespace)
    builtins.get_ipython = lambda: shell  # type: ignore[attr-defined]
    for name in ("IPython", "IPython.core.getipython"):
        if name in sys.modules:
            sys.modules[name].get_ipython = builtins.get_ipython  # type: ignore[attr-defined]


def install_for_notebook() -> None:
    """What is a builtin in front of a notebook: `display`; and an `input` that is answered with an empty line."""
    builtins.display = lambda *objects, **kwargs: print(*map(repr, objects), sep="\n")  # type: ignore[attr-defined]
    builtins.input = _unanswered


def _unanswered(prompt: object = "", /) -> str:
    print(prompt)
    return ""


class _Patient(selectors.SelectSelector):
    """Looks up now and then: without a socket pair, which a room may not have, no thread could wake it."""

    def select(self, timeout: float | None = None) -> Any:
        return super().select(0.05 if timeout is None else min(timeout, 0.05))


class Loop(asyncio.SelectorEventLoop):
    """An event loop without sockets, for `await` outside functions."""

    def __init__(self) -> None:
        super().__init__(_Patient())

    def _make_self_pipe(self) -> None: ...

    def _close_self_pipe(self) -> None: ...

    def _write_to_self(self) -> None: ...
