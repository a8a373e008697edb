"""The pages of likenesses."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from grader.batch.groups import teams
from grader.desk.frame import DeskFrame
from grader.desk.likenesses import Likenesses, rank
from grader.errors import GraderError, UsageError


class AlikePages:
    """Pairs of students over all problems, and one pair side by side."""

    def __init__(self, frame: DeskFrame) -> None:
        self._frame = frame
        self._alike: tuple[bytes, Likenesses] = (b"", Likenesses())
        self._comparing = threading.Lock()

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
                asked = [(problem, self._frame.classroom.shapes(problem.slug)) for problem in state.problems.values()]
                together = teams(state.answers.values(), state.batch.rules.course.groups)
                self._alike = digest, rank(asked, together, self._frame.drawing.compare)
                self._frame.alike_pairs = len(self._alike[1].pairs)
            return self._alike[1]

    def _likenesses(self, request: Request) -> Response:
        return self._frame.page(request, "alike.html", found=self.now())

    def _pair(self, request: Request) -> Response:
        state = self._frame.classroom.state()
        slug = request.path_params["slug"]
        rows = []
        for side in ("one", "other"):
            student = state.folders.get(request.path_params[side])
            row = state.answers.get((student, slug)) if student is not None else None
            if row is None:
                raise UsageError(f"there is no answer of {request.path_params[side]} to {slug}")
            rows.append(row)
        first, second = (self._frame.classroom.submission(row.content) for row in rows)
        found = self.now()
        stub = (Path(state.problems[slug].folder) / "stub.py").read_bytes()
        sides, unmarked = self._frame.drawing.sides(first.main, second.main, stub, found.common.get(slug, ()))
        pair = tuple(sorted(row.student for row in rows))
        ranked = next((each for each in found.pairs if (each.one, each.other) == pair), None)
        return self._frame.page(
            request, "pair.html", rows=rows, sides=sides, unmarked=unmarked, ranked=ranked, slug=slug,
            problem=state.problems[slug],
        )  # fmt: skip
