"""The pages of likenesses."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from grader.batch.earlier import EarlierClass, compared_with, earlier_classes
from grader.batch.groups import teams
from grader.batch.model import Row
from grader.common.suggest import did_you_mean
from grader.desk.class_state import ClassState, folder_of
from grader.desk.frame import DeskFrame
from grader.desk.likenesses import Likenesses, rank
from grader.errors import GraderError, UsageError
from grader.model import Submission


class AlikePages:
    """Pairs of students over all problems, and one pair side by side."""

    def __init__(self, frame: DeskFrame) -> None:
        self._frame = frame
        self._alike: tuple[bytes, Likenesses] = (b"", Likenesses())
        self._comparing = threading.Lock()
        self._earlier: dict[str, tuple[str, EarlierClass]] = {}
        """Part of an address -> who in an earlier class it is, and in which."""

    def routes(self) -> Iterator[Route]:
        """What is at which address."""
        yield self._frame.getting("/alike", self._likenesses)
        yield self._frame.getting("/alike/{slug}/{one}/{other}", self._pair)

    def compare_early(self) -> None:
        """Compare before anybody asks, in a thread."""
        threading.Thread(target=self._compare_early, daemon=True).start()

    def _compare_early(self) -> None:
        # Whoever asks for the page is told what is wrong.
        with contextlib.suppress(GraderError):
            self.now()

    def now(self) -> Likenesses:
        """Likenesses among the answers as they are now."""
        digest = self._frame.classroom.state().compared
        if self._alike[0] == digest:
            return self._alike[1]
        with self._comparing:
            if self._alike[0] != digest:
                state = self._frame.classroom.state()
                together = teams(state.answers.values(), state.batch.rules.course.groups)
                classes, missing = earlier_classes(state.batch.earlier)
                asked = []
                for problem in state.problems.values():
                    own = self._frame.classroom.shapes(problem.slug)
                    answers, side = compared_with(classes, problem.slug, own, together.get(problem.slug, {}))
                    asked.append((problem, tuple(answers)))
                    together[problem.slug] = side
                names = {id: name for each in classes for id, name in each.names().items()}
                self._earlier = {folder_of(id): (id, each) for each in classes for id in each.names()}
                ranked = rank(asked, together, self._frame.drawing.compare)
                self._alike = digest, msgspec.structs.replace(ranked, missing=tuple(missing), names=names)
                self._frame.alike_pairs = len(self._alike[1].pairs)
            return self._alike[1]

    def _likenesses(self, request: Request) -> Response:
        return self._frame.page(request, "alike.html", found=self.now())

    def _pair(self, request: Request) -> Response:
        state = self._frame.classroom.state()
        slug = request.path_params["slug"]
        found = self.now()
        if slug not in state.problems:
            raise UsageError(f"there is no problem {slug} here; {did_you_mean(slug, state.problems)}")
        (one, first), (other, second) = (
            self._written(state, request.path_params[side], slug) for side in ("one", "other")
        )
        rows = [one, other]
        stub = (Path(state.problems[slug].folder) / "stub.py").read_bytes()
        sides, unmarked = self._frame.drawing.sides(first.main, second.main, stub, found.common.get(slug, ()))
        pair = tuple(sorted(row.student for row in rows))
        ranked = next((each for each in found.pairs if (each.one, each.other) == pair), None)
        return self._frame.page(
            request, "pair.html", rows=rows, names=found.names, sides=sides, unmarked=unmarked, ranked=ranked,
            slug=slug, problem=state.problems[slug],
        )  # fmt: skip

    def _written(self, state: ClassState, folder: str, slug: str) -> tuple[Row, Submission]:
        """An answer and its files, of this class or an earlier one. Raises UsageError where there is none."""
        student = state.folders.get(folder)
        row = state.answers.get((student, slug)) if student is not None else None
        if row is not None:
            return row, self._frame.classroom.submission(row.content)
        if (known := self._earlier.get(folder)) is not None and (answer := known[1].answer(known[0], slug)) is not None:
            found = Row(answer.student, slug, answer.path, "", None, None, answer.content)
            return found, known[1].submission(answer.content)
        raise UsageError(f"there is no answer of {folder} to {slug}")
