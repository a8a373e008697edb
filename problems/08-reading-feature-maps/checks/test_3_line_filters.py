"""Filters that look for lines."""

import pytest
import torch

from grader.checking import StudentRaised, assert_each_equal, call

KINDS = ("vertical", "horizontal", "falling", "rising")
UPRIGHT = [[0.0, 1, 0], [0, 1, 0], [0, 1, 0]]
RISING = [[0.0, 0, 1], [0, 1, 0], [1, 0, 0]]

pytestmark = pytest.mark.idea("Line filters")


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("Ones on the line, zeros elsewhere, as float32. A rising line begins at the bottom left.")
def test_lines_of_the_statement(submission):
    """The lecture's vertical window, and a line that rises from the bottom left."""
    calls = [(3, "vertical"), call(size=3, kind="rising")]
    assert_each_equal(submission.line_filter, [torch.tensor(UPRIGHT), torch.tensor(RISING)], calls)


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("raise ValueError(...) where the kind is none of the four.")
def test_an_unknown_kind(submission):
    """A kind that is none of the four raises ValueError."""
    raised = {kind: _raised(submission, kind) for kind in ("diagonal", "cross")}
    for kind, refused in raised.items():
        assert refused, f'"{kind}" is no kind of line, and raises no ValueError'


@pytest.mark.points(0.5)
@pytest.mark.hint("The middle of size pixels, counted from 0, is size // 2. Draw each kind for size 5.")
def test_every_kind_of_line(submission, reference):
    """Each of the four lines goes through the middle, from edge to edge, in filters of 3 and 5."""
    calls = [(size, kind) for size in (3, 5) for kind in KINDS]
    assert_each_equal(submission.line_filter, reference.line_filter, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("One pixel is a line of every kind.")
def test_small_and_large_lines(submission, reference):
    """Filters of a single pixel, and of 7 x 7, hold their line, too."""
    calls = [(size, kind) for size in (1, 7) for kind in KINDS]
    assert_each_equal(submission.line_filter, reference.line_filter, calls)


def _raised(submission, kind):
    """Whether the student's function raises ValueError, or an error of that kind, for this kind of line."""
    try:
        submission.line_filter(3, kind)
    except StudentRaised as error:
        return "ValueError" in error.kinds
    return False
