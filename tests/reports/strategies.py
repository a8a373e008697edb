"""What hypothesis makes of grades: anything that the types allow, whatever a checker may have taken from a student."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st

from grader.model import (
    Bars,
    CheckResult,
    Confusion,
    Counterexample,
    Curve,
    Grade,
    ImageGrid,
    Misconception,
    Mismatch,
    Outcome,
    Picture,
    Plane,
    Series,
    Shape,
    Status,
    Table,
    Visibility,
    Window,
)

ODD = [
    "",
    " ",
    "\n",
    "<script>alert(1)</script>",
    '"><img src=x>',
    "{{ 7 }}",
    "{% x %}",
    "&amp;",
    "\x1b[31m",
    "\u202e",
    "`x`",
]
ODD += ["\ud800", "See “What”", "…", "-", "1e999", "a" * 5000, "x\n" * 500, "]]>", "<!--", "</style>"]
texts = st.one_of(st.text(max_size=12), st.sampled_from(ODD))
EDGES = [0.0, -0.0, 1.0, 5e-324, -5e-324, 1e-310, 1e-12, 1e12, 1e308, -1e308, 1.7976931348623157e308, 0.1, 1 / 3]
numbers = st.one_of(st.floats(), st.sampled_from([*EDGES, float("nan"), float("inf"), float("-inf")]))
# Points, scores and durations are the grader's own, and never a student's.
own = st.floats(0, 100)
perhaps = st.one_of(st.none(), numbers)
sizes = st.integers(-2, 70)
counts = st.one_of(st.integers(-3, 200), st.sampled_from([10**6, 2**63 - 1, -(2**63)]))


def tuples(of: st.SearchStrategy, most: int = 4) -> st.SearchStrategy:
    return st.lists(of, max_size=most).map(tuple)


planes = st.builds(
    Plane, tuples(tuples(texts, 6)), tuples(tuples(perhaps, 6)), texts, st.integers(-9, 99), counts, st.booleans()
)
cells = tuples(st.tuples(st.integers(-3, 9), st.integers(-3, 9)), 6)
mismatches = st.builds(
    Mismatch,
    st.sampled_from(["type", "dtype", "shape", "values", "other"]),
    texts,
    texts,
    texts,
    st.none() | planes,
    st.none() | planes,
    cells,
    texts,
    counts,
    counts,
    st.none() | st.builds(Window, planes, cells, texts),
    tuples(st.builds(Shape, st.sampled_from(["input", "expected", "actual"]), texts, tuples(counts, 3))),
)
checks = st.builds(
    CheckResult,
    texts,
    texts,
    st.sampled_from(Visibility),
    st.sampled_from(Outcome),
    own,
    own,
    texts,
    texts,
    own,
    st.none() | mismatches,
    texts,
    st.sampled_from(["", "Axes", "<b>"]),
)
pictures = st.builds(
    Picture, sizes, sizes, st.binary(max_size=20) | st.integers(0, 64).map(lambda n: bytes(n * n)), texts
)
figures = st.one_of(
    st.builds(Curve, texts, texts, texts, tuples(st.builds(Series, texts, tuples(perhaps, 8))), texts),
    st.builds(Bars, texts, tuples(texts, 5), tuples(perhaps, 5), numbers, st.booleans(), perhaps, texts),
    st.builds(Confusion, texts, tuples(texts, 4), tuples(tuples(counts, 4)), texts),
    st.builds(ImageGrid, texts, tuples(pictures), st.booleans(), texts),
    st.builds(Table, texts, tuples(texts), tuples(tuples(texts)), tuples(st.integers(-1, 5)), texts),
)
grades = st.builds(
    Grade,
    problem=st.just("02-conv-bias"),
    student=st.none() | texts,
    submission=texts,
    sha256=texts,
    status=st.sampled_from(Status),
    score=own,
    max_score=own,
    percent=own,
    checks=tuples(checks, 5),
    misconceptions=tuples(st.builds(Misconception, texts, texts, texts), 2),
    stdout=texts,
    walls=tuples(texts, 2),
    data=st.sampled_from([None, "mnist", "drawn"]),
    duration_s=own,
    grader_version=texts,
    problem_version=texts,
    message=texts,
    notes=tuples(texts, 2),
    public_only=st.booleans(),
    figures=tuples(figures, 3),
    counterexamples=tuples(st.builds(Counterexample, texts, mismatches, texts, texts), 2),
)


def as_stored(grade: Grade) -> Grade:
    """The grade as a batch keeps it: text that cannot be encoded does not come this far."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(grade), type=Grade)
