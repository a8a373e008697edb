"""Holding problems to their promises: checks are tested by answers that are known to be right or wrong."""

from grader.verify.promises import Report, verify

__all__ = ["Report", "verify"]
