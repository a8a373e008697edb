"""What a check may import: comparisons, and the words for what lives in the room.

from grader.checking import assert_close, assert_equal, fetch, kept, StudentRaised
"""

from grader.checking.compare import MismatchError, assert_close, assert_equal
from grader.checking.proxy import Handle, StudentRaised, fetch, kept

__all__ = [
    "Handle",
    "MismatchError",
    "StudentRaised",
    "assert_close",
    "assert_equal",
    "fetch",
    "kept",
]
