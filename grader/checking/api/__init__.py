"""What a check may import: comparisons, the words for what lives in the room, and a picture of a window.

Authors write ``from grader.checking import …``, which looks each name up here.

compare     answers against what is expected
proxy       what a check holds in place of the student's module, of the room's library and of objects that stay there
pictures    which cells of the input stand behind a wrong cell of the output
strategies  words for inputs.py, and for it alone: they need hypothesis
"""

from __future__ import annotations

from grader.checking.api.compare import (
    MismatchError,
    assert_close,
    assert_each_close,
    assert_each_equal,
    assert_equal,
)
from grader.checking.api.pictures import sliding_window
from grader.checking.api.proxy import Handle, call, each, fetch, kept
from grader.checking.session.claims import StudentRaised

__all__ = [
    "Handle",
    "MismatchError",
    "StudentRaised",
    "assert_close",
    "assert_each_close",
    "assert_each_equal",
    "assert_equal",
    "call",
    "each",
    "fetch",
    "kept",
    "sliding_window",
]
