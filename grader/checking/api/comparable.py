"""Questions and replies for the transcript, in a form that can be compared between two submissions."""

from __future__ import annotations

import functools
from pathlib import PurePath
from types import EllipsisType, FunctionType, MethodType
from typing import Any

import numpy as np
import torch

from grader.checking.held import held_by
from grader.common.walk import UNCHANGING
from grader.sandbox.named import named
from grader.sandbox.questions import Snippet
from grader.sandbox.values import copy_of

_IN_WORDS = (slice, range, EllipsisType, np.dtype, torch.device, PurePath)
"""Small values that say all of themselves."""


def comparable(value: Any) -> Any:
    """Arguments and replies as they are now, without what differs between two runs of one check.

    Handles by type, modules by class; tensors are copied, since a check may change its own afterwards.
    """
    if type(value) in UNCHANGING:
        return value
    if isinstance(value, torch.Tensor):
        return copy_of(value)
    if (held := held_by(value)) is not None:
        return ("name", held.number) if isinstance(held.number, str) else ("handle", held.type_name)
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, tuple):
        return tuple(comparable(item) for item in value)
    if isinstance(value, list):
        return [comparable(item) for item in value]
    if isinstance(value, dict):
        return {key: comparable(item) for key, item in value.items()}
    if isinstance(value, _IN_WORDS):
        return (type(value).__name__, str(value))
    if isinstance(value, Snippet):
        return value.source
    if (place := named(value)) is not None:
        return ("named", *place)
    if isinstance(value, (FunctionType, MethodType, functools.partial)):
        return ("function",)
    if type(value).__module__.startswith("torch.nn"):
        return ("module", type(value).__name__)
    return value
