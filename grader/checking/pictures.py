"""Where checks find `sliding_window` that were written before it stood beside the other words for authors."""

from grader.checking.api.pictures import sliding_window

__all__ = ["sliding_window"]
