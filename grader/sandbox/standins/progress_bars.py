"""tqdm where it is not installed: it passes on what it wraps, and shows nothing."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from grader.sandbox.standins.absent import Absent, AbsentModule


class tqdm:  # noqa: N801 - students see the name.
    """A progress bar that goes through what it was given."""

    def __init__(self, iterable: Iterable[Any] | None = None, *args: Any, total: float | None = None, **kwargs: Any):
        self.iterable = iterable
        self.total = total
        self.n = 0

    def __iter__(self) -> Iterator[Any]:
        for item in self.iterable if self.iterable is not None else ():
            yield item
            self.n += 1

    def __len__(self) -> int:
        return int(self.total or 0) if self.iterable is None else len(self.iterable)  # type: ignore[arg-type]

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> tqdm:
        return self

    def __exit__(self, *exception: object) -> None: ...

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"tqdm.{name}", "tqdm")

    def update(self, n: float = 1) -> None:
        self.n += n  # type: ignore[assignment]

    @staticmethod
    def write(text: str, *args: Any, **kwargs: Any) -> None:
        print(text)

    @staticmethod
    def pandas(*args: Any, **kwargs: Any) -> None: ...


def trange(*args: int, **kwargs: Any) -> tqdm:
    """`tqdm(range(…))`."""
    return tqdm(range(*args))


def _mapped(function: Callable[..., Any], *iterables: Iterable[Any], **kwargs: Any) -> list[Any]:
    return list(map(function, *iterables))


_NAMES: dict[str, Any] = {
    "tqdm": tqdm,
    "tqdm_notebook": tqdm,
    "trange": trange,
    "tnrange": trange,
    "tenumerate": lambda iterable, start=0, **kwargs: enumerate(iterable, start),
    "tzip": lambda *iterables, **kwargs: zip(*iterables, strict=False),
    "tmap": lambda function, *iterables, **kwargs: map(function, *iterables),
    "thread_map": _mapped,
    "process_map": _mapped,
}


def module(name: str) -> types.ModuleType:
    """tqdm, or one of its submodules."""
    made = AbsentModule(name, "tqdm")
    vars(made).update(_NAMES, __all__=["tqdm", "trange"])
    return made
