"""An answer's page, and what may be done about it: hidden checks asked, points adjusted, grading done again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from grader.batch.adjustments import Adjustment, points_of
from grader.batch.decisions import adjusting, undoing
from grader.batch.judge import BatchJudge
from grader.batch.pages import page_path
from grader.desk import views
from grader.desk.asking import Asking
from grader.desk.commands import positional
from grader.desk.forms import AdjustForm, Form, UndoForm
from grader.desk.frame import TYPES, DeskFrame, DeskSaid
from grader.desk.likenesses import Likenesses
from grader.errors import UsageError
from grader.reports.shown import ruling_sentence
from grader.reports.wording import signed


class AnswerPages:
    """The pages of single answers."""

    def __init__(self, frame: DeskFrame, asking: Asking, likenesses: Callable[[], Likenesses]) -> None:
        self._frame = frame
        self._asking = asking
        self._likenesses = likenesses

    def routes(self) -> Iterator[Route]:
        """What is at which address."""
        one = "/{folder}/{slug}"
        yield self._frame.getting(f"/answer{one}", self._answer)
        yield self._frame.getting(f"/report{one}", self._report)
        yield self._frame.getting(f"/told{one}", self._told)
        yield self._frame.getting(f"/code{one}/{{number:int}}", self._code)
        yield self._frame.posting(f"/ask{one}", Form, self._ask)
        yield self._frame.posting(f"/adjust{one}", AdjustForm, self._adjust)
        yield self._frame.posting(f"/undo{one}", UndoForm, self._undo)
        yield self._frame.posting(f"/regrade{one}", Form, self._regrade)

    def _answer(self, request: Request) -> Response:
        state = self._frame.classroom.state()
        row = self._frame.row(request, state)
        submission = self._frame.classroom.submission(row.content)
        files, undrawn = self._frame.drawing.code(submission)
        told = self._asking.told(row)
        of_course, of_batch = state.adjustments(row.student, row.problem)
        before, after = views.neighbours(state, row.student, row.problem)
        likenesses = self._likenesses()
        grade = row.grade
        return self._frame.page(
            request,
            "answer.html",
            row=row,
            student=state.students.get(row.student),
            problem=state.problems[row.problem],
            files=files,
            undrawn=undrawn,
            told=told,
            show_told=told is not None and request.query_params.get("view") != "report",
            checks=views.check_lines(state, grade) if grade is not None else [],
            rulings=[(signed(each.points), ruling_sentence(each)) for each in grade.rulings] if grade else [],
            of_course=of_course,
            of_batch=of_batch,
            before=before,
            after=after,
            own=views.student_links(state, row.student),
            has_page=(self._frame.classroom.directory / page_path(row.student, row.problem)).is_file(),
            pairs=[
                (pair.other if pair.one == row.student else pair.one, share)
                for pair in likenesses.pairs
                if row.student in (pair.one, pair.other)
                for slug, share in pair.problems
                if slug == row.problem
            ],
            notices=[
                note for note in state.notices if note.student == row.student and note.problem in (None, row.problem)
            ],
            chosen=request.query_params.get("check", ""),
            which=_which(of_batch[-1]) if of_batch else "",
        )

    def _code(self, request: Request) -> Response:
        """A file as it was handed in, to be saved."""
        row = self._frame.row(request, self._frame.classroom.state())
        submission = self._frame.classroom.submission(row.content)
        files = (submission.main, *submission.extra)
        number = request.path_params["number"]
        if number >= len(files):
            raise UsageError("there is no such file")
        name = quote(files[number].name.rpartition("/")[2], safe="")
        return Response(
            files[number].content,
            media_type="application/octet-stream",
            headers={
                "content-disposition": f"attachment; filename*=UTF-8''{name}",
                "content-security-policy": f"default-src 'none'; {views.SANDBOX}",
            },
        )

    def _report(self, request: Request) -> Response:
        """The page that the student gets: as it will be written, where it is not written yet."""
        state = self._frame.classroom.state()
        row = self._frame.row(request, state)
        self._frame.publishing.catch_up()
        if not self._frame.publishing.behind:
            return self._frame.file(page_path(row.student, row.problem), views.SANDBOX)
        grade = BatchJudge(state.batch).rule(self._frame.classroom.whole(row)).grade
        if grade is None:
            raise UsageError(f"the answer of {row.student} to {row.problem} is not graded yet")
        page = self._frame.drawing.page(grade, state.problems[row.problem])
        return Response(page, media_type=TYPES[".html"], headers={"content-security-policy": views.SANDBOX})

    def _told(self, request: Request) -> Response:
        """The page with hidden checks told, as they were asked last, by the rules that its grade has."""
        state = self._frame.classroom.state()
        row = self._frame.row(request, state)
        told = self._asking.told(row)
        if told is None:
            raise UsageError("the hidden checks were not asked since this was graded")
        ruled = BatchJudge(state.batch).rule(msgspec.structs.replace(row, grade=told)).grade or told
        page = self._frame.drawing.page(ruled, state.problems[row.problem], reveal=True)
        return Response(page, media_type=TYPES[".html"], headers={"content-security-policy": views.SANDBOX})

    def _ask(self, request: Request, form: Form) -> Response:
        state = self._frame.classroom.state()
        row = self._frame.row(request, state)
        with self._frame.alone(f"asking hidden checks of {row.student}, {row.problem}"):
            told = self._asking.ask(row, self._frame.classroom.submission(row.content))
        kept = self._frame.classroom.whole(row).grade
        where = f"answer/{views.folder_link(row.student)}/{quote(row.problem)}"
        if kept is not None and (kept.score, kept.status) != (told.score, told.status):
            return self._frame.back(
                request,
                where,
                DeskSaid(
                    False,
                    f"Asked now, it has {told.score:g} of {told.max_score:g} points by its checks; kept are "
                    f"{kept.score:g} of {kept.max_score:g}. “Grade again” settles which holds.",
                ),
            )
        return self._frame.back(
            request, where, DeskSaid(True, "Asked again: the report tells hidden checks in full. For staff alone.")
        )

    def _adjust(self, request: Request, form: AdjustForm) -> Response:
        row = self._frame.row(request, self._frame.classroom.state())
        if not form.number:
            raise UsageError("how many points? Nothing was changed")
        points = points_of(form.number)
        if points is None or (form.change == "to" and points < 0):
            raise UsageError(f"{form.number} is no number of points; nothing was changed")
        with self._frame.alone(f"adjusting {row.student}, {row.problem}"):
            said = self._frame.decide(
                adjusting(
                    self._frame.classroom.state().batch,
                    self._frame.classroom.whole(row),
                    check=form.check,
                    points=points if form.change == "points" else None,
                    to=points if form.change == "to" else None,
                    because=form.because,
                    by=form.by or self._frame.account,
                )
            )
        return self._frame.back(request, form.back, said)

    def _undo(self, request: Request, form: UndoForm) -> Response:
        state = self._frame.classroom.state()
        row = self._frame.row(request, state)
        _, of_batch = state.adjustments(row.student, row.problem)
        if not of_batch or _which(of_batch[-1]) != form.which:
            raise UsageError("the adjustments have changed meanwhile; nothing was taken back")
        with self._frame.alone(f"taking back an adjustment of {row.student}, {row.problem}"):
            found = self._frame.classroom.whole(row)
            said = self._frame.decide(undoing(state.batch, found, check="", by=self._frame.account))
        return self._frame.back(request, form.back, said)

    def _regrade(self, request: Request, form: Form) -> Response:
        row = self._frame.row(request, self._frame.classroom.state())
        with self._frame.alone(f"grading {row.student}, {row.problem} again"):
            words = positional(self._frame.classroom.directory, row.student, row.problem)
            ran = self._frame.commands.run("regrade", *words)
        said = DeskSaid(ran.well, ran.out.strip() if ran.well else ran.told)
        return self._frame.back(request, form.back, said)


def _which(adjustment: Adjustment) -> str:
    """A digest that tells an adjustment from any later one."""
    return hashlib.sha256(msgspec.json.encode(adjustment.row)).hexdigest()[:16]
