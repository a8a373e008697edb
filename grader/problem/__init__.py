"""Problems on disk: finding a course, resolving what a student typed, reading problem.yaml."""

from grader.problem.course import Course, find_course, find_or_begin_course, open_course
from grader.problem.load import load_problem

__all__ = ["Course", "find_course", "find_or_begin_course", "load_problem", "open_course"]
