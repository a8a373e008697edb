"""torch's settings that hold for a whole process, where a submission's file has left them changed.

A student's function runs as its file has set torch up: that is how the student has seen it run. What a check does by
itself in the room, such as a training step on the student's layer, runs under torch's own settings, or a line at the
top of the file would decide checks that are not about it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch


class _Setting(NamedTuple):
    read: Callable[[], Any]
    write: Callable[[Any], Any]
    says: str = ""
    """A sentence for the student whose file has changed it, with the value; empty where it changes no result."""


_SETTINGS = (
    _Setting(
        torch.is_grad_enabled,
        torch.set_grad_enabled,
        "The file switches gradients off for everything, functions included; `with torch.no_grad():` ends by itself.",
    ),
    _Setting(
        torch.get_default_dtype,
        torch.set_default_dtype,
        "The file makes {} the dtype of every tensor that is made without one, in functions as well.",
    ),
    _Setting(torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms),
)


class Settings:
    """The settings of one room."""

    def __init__(self) -> None:
        self._files = _TORCHS

    @property
    def changed(self) -> bool:
        """Whether the file has left any of them changed."""
        return self._files != _TORCHS

    def keep(self) -> None:
        """The file has run: these are its settings."""
        self._files = _read()

    @contextlib.contextmanager
    def torchs_own(self) -> Iterator[None]:
        """Torch's own settings in place of the file's. What a function has left changed since then stays."""
        replaced = _read() == self._files
        if replaced:
            _write(_TORCHS)
        try:
            yield
        finally:
            if replaced and _read() == _TORCHS:
                _write(self._files)


def sentences() -> list[str]:
    """Sentences for the student on what the file has changed."""
    changed = zip(_SETTINGS, _read(), _TORCHS, strict=True)
    return [setting.says.format(value) for setting, value, own in changed if value != own and setting.says]


def _read() -> tuple[Any, ...]:
    return tuple(setting.read() for setting in _SETTINGS)


def _write(values: tuple[Any, ...]) -> None:
    for setting, value in zip(_SETTINGS, values, strict=True):
        setting.write(value)


_TORCHS = _read()
