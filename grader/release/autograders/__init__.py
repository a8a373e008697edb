"""Autograders: one module a platform, in one table. All grade by `release.autograding`, and refuse as it does."""

from __future__ import annotations

from collections.abc import Mapping

from grader.release.autograders import classroom, gradescope, prairielearn, vpl, xqueue
from grader.release.autograders.model import Autograder

AUTOGRADERS: Mapping[str, Autograder] = {
    module.AUTOGRADER.name: module.AUTOGRADER for module in (gradescope, prairielearn, classroom, xqueue, vpl)
}
