"""What every report shows alike of a grade."""

from __future__ import annotations

import pytest

from grader.model import Mismatch, MismatchKind, Outcome, Plane, Visibility
from grader.reports.shown import hint_of, labels

from . import samples


def differing(kind: MismatchKind) -> Mismatch:
    return Mismatch(kind, "f(1)", "2", "3")


@pytest.mark.parametrize(
    ("outcome", "visibility", "kind", "shown"),
    [
        (Outcome.FAILED, Visibility.PUBLIC, "values", True),
        (Outcome.FAILED, Visibility.PUBLIC, "text", True),
        (Outcome.FAILED, Visibility.PUBLIC, "dtype", False),
        (Outcome.FAILED, Visibility.PUBLIC, "shape", False),
        (Outcome.FAILED, Visibility.PUBLIC, None, True),
        (Outcome.ERROR, Visibility.PUBLIC, None, False),
        (Outcome.PASSED, Visibility.PUBLIC, None, False),
        (Outcome.NOT_RUN, Visibility.PUBLIC, None, False),
        (Outcome.FAILED, Visibility.HIDDEN, None, True),
        (Outcome.ERROR, Visibility.HIDDEN, None, True),
        (Outcome.NOT_RUN, Visibility.HIDDEN, None, False),
    ],
    ids=str,
)
def test_a_hint_is_shown_where_values_are_wrong(
    outcome: Outcome, visibility: Visibility, kind: MismatchKind | None, shown: bool
) -> None:
    check = samples.check(
        "One", outcome, visibility=visibility, hint=" Think. ", mismatch=differing(kind) if kind else None
    )
    assert hint_of(check) == ("Think." if shown else "")


def test_only_of_a_tensor_it_is_said_what_is_furthest_off() -> None:
    plane = Plane((("1",),), ((1.0,),))
    assert labels(Mismatch("values", "f(1)", "2", "3", plane, plane)).worst == "furthest off"
    assert labels(differing("values")).worst == "first wrong"
