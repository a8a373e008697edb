"""What leaves the course: a kit for students, an autograder for a platform. `public` cuts hidden checks out."""

from grader.release.autograder import autograder, workflow
from grader.release.autograders import AUTOGRADERS
from grader.release.bundle import Bundle, beside, refuse_if_there, write
from grader.release.kit import Released, student_kit

__all__ = [
    "AUTOGRADERS",
    "Bundle",
    "Released",
    "autograder",
    "beside",
    "refuse_if_there",
    "student_kit",
    "workflow",
    "write",
]
