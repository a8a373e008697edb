"""A problem's checks as pytest collected them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import torch

from grader.checking.fixtures import FIXTURES
from grader.errors import ProblemFileError
from grader.model import Problem, Visibility

_MOST_OF_A_VALUE = 60
_TOLD = (str, bytes, int, float, complex, tuple, list, dict, type(None), torch.dtype)
"""Parameters whose value can be read in a title."""
_PLACE = re.compile(r"\{(\w+)(?:!([rs]))?\}")

MARKERS = (
    "points(n): what the check is worth; 1 without it",
    "public: shown to students in full",
    "hint(text): what a student reads when the check fails",
    "idea(name): what the check is about; reports put checks of one idea together",
    "unrecognised: left out of the search for misconceptions",
)


@dataclass(frozen=True)
class Check:
    """One collected check."""

    id: str
    title: str
    visibility: Visibility
    points: float
    hint: str
    idea: str
    """What reports group it under; public, as the title is."""
    recognised: bool
    """Whether its replies count in the search for misconceptions."""
    place: str
    """File and line: ``checks/test_pool.py, line 12``."""
    item: pytest.Item
    direct: Callable[..., None] | None
    """The check's function, where it needs nothing of pytest's machinery but our fixtures."""


def collected(items: list[pytest.Item], problem: Problem) -> list[Check]:
    """The checks behind pytest's items, public ones first. Raises ProblemFileError for one without a title."""
    # Nobody is shown what is printed from the first hidden one on.
    return sorted((_check(item, problem) for item in items), key=lambda check: check.visibility is Visibility.HIDDEN)


def _check(item: pytest.Item, problem: Problem) -> Check:
    name = item.nodeid.replace("\\", "/").rsplit("checks/", 1)[-1]
    function = getattr(item, "function", None)
    title = (getattr(function, "__doc__", None) or "").strip().splitlines()
    if not title:
        raise ProblemFileError(
            f"{problem.slug}/checks/{name}: a check needs a docstring; its first line is the title a student reads"
        )
    points = item.get_closest_marker("points")
    hint = item.get_closest_marker("hint")
    idea = item.get_closest_marker("idea")
    public = item.get_closest_marker("public") is not None
    return Check(
        id=name,
        title=_filled(title[0].strip(), item),
        visibility=Visibility.PUBLIC if public else Visibility.HIDDEN,
        points=float(points.args[0]) if points is not None else 1.0,
        hint=_filled(str(hint.args[0]), item) if hint is not None else "",
        idea=str(idea.args[0]).strip() if idea is not None else "",
        recognised=item.get_closest_marker("unrecognised") is None,
        place=f"checks/{name.partition('::')[0]}, line {(item.location[1] or 0) + 1}",
        item=item,
        direct=_direct(item),
    )


def _filled(text: str, item: pytest.Item) -> str:
    """A title or a hint of a parametrised check: a parameter's name in braces stands for its value, {id} for its id.

    {name!r} is the value as Python writes it: a text in quotes.
    """
    callspec = getattr(item, "callspec", None)
    if callspec is None:
        return text
    values = {"id": callspec.id} | {name: value for name, value in callspec.params.items() if isinstance(value, _TOLD)}

    def filled(place: re.Match[str]) -> str:
        if place[1] not in values:
            return place[0]
        written = repr if place[2] == "r" else str
        return written(values[place[1]])[:_MOST_OF_A_VALUE]

    return _PLACE.sub(filled, text)


def _direct(item: pytest.Item) -> Callable[..., None] | None:
    """A check's function, if it is a plain one: no class, no fixture of the author's, nothing skipped or set up."""
    if not isinstance(item, pytest.Function) or item.cls is not None:
        return None
    params = getattr(getattr(item, "callspec", None), "params", {})
    if not set(item.fixturenames) <= FIXTURES.keys() | params.keys() | {"request"}:
        return None
    if "request" in inspect.signature(item.function).parameters:
        return None
    if {mark.name for mark in item.iter_markers()} & {"skip", "skipif", "xfail", "usefixtures"}:
        return None
    function: Callable[..., None] = item.function
    return function
