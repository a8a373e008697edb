"""What a check may import: comparisons, and the words for what lives in the room.

from grader.checking import assert_close, assert_each_close, call, fetch, kept, StudentRaised
"""

from grader.checking.compare import MismatchError, assert_close, assert_each_close, assert_each_equal, assert_equal
from grader.checking.proxy import Handle, StudentRaised, call, each, fetch, kept

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
]
