"""Hidden checks asked once more, for staff: what they asked, what came back, what was expected.

No file keeps that. So the answer is graded again behind the same walls, with what is told of public checks told of all;
the kept grade stays as it is.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

import msgspec

from grader.batch.floor import refuse_below_floor, refuse_room
from grader.batch.model import Row
from grader.bench import Bench
from grader.grade import Given, grade_one
from grader.jobs import Terms
from grader.model import Grade, Problem, Submission
from grader.problem import open_course
from grader.sandbox.inspection import inspect_walls
from grader.sandbox.launch import Stem

_KEPT = 40


class Asking:
    """A bench that is started when somebody asks first. Threads may share it. Use as a context manager."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._turn = threading.Lock()
        self._stem: Stem | None = None
        self._bench: Bench | None = None
        self._told: OrderedDict[tuple[str, str, str], Grade] = OrderedDict()

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bench is not None:
            self._bench.close()
        if self._stem is not None:
            self._stem.close()

    def told(self, row: Row) -> Grade | None:
        """What came of asking, if that was done since the answer was graded."""
        found = self._told.get((row.key, row.student, row.problem))
        return found

    def ask(self, row: Row, submission: Submission) -> Grade:
        """The answer's grade with everything told. Raises MissingWallError where too few walls stand here."""
        with self._turn:
            problem: Problem = open_course(self._root).load(row.problem)
            mine = msgspec.structs.replace(submission, student=row.student, path=row.path)
            grade = grade_one(Given(problem, mine, self._opened()), Terms(reveal=True))
            refuse_room(grade.walls)
            self._told[row.key, row.student, row.problem] = grade
            while len(self._told) > _KEPT:
                self._told.popitem(last=False)
            return grade

    def _opened(self) -> Bench:
        if self._bench is None:
            # Raises on a system without walls: a plain process is for one's own work alone.
            stem = Stem()
            try:
                refuse_below_floor(inspect_walls(stem))
            except BaseException:
                stem.close()
                raise
            self._stem, self._bench = stem, Bench(stem=stem)
        return self._bench
