"""The desk's pages on the class as a whole, and all its addresses."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from grader.batch.feedback import FEEDBACK_FORMATS
from grader.batch.outputs import ALIKE, INDEX, NOTICES, PAGES, SCORES
from grader.desk import views
from grader.desk.alike import AlikePages
from grader.desk.answer_page import AnswerPages
from grader.desk.asking import Asking
from grader.desk.byhand import HandPages
from grader.desk.class_state import Classroom, ClassState
from grader.desk.commands import Commands
from grader.desk.drawing import Drawing
from grader.desk.forms import ExportForm, FeedbackForm, Form, SettleForm, TakeBackForm
from grader.desk.frame import DeskFrame, DeskSaid, number_of
from grader.desk.handing import Handing
from grader.desk.settling import SETTLED, Settling
from grader.errors import UsageError
from grader.exports import FORMATS
from grader.intake.model import NoticeKind

_OPEN_FILES = (INDEX, SCORES, NOTICES, ALIKE)
_LIVE_SECONDS = 2
_NOTICE_ORDER = (*SETTLED, *(kind for kind in NoticeKind if kind not in SETTLED))
"""What can be settled comes first."""
_MADE = "It is made: save it below."


class Desk:
    """One batch's pages. Use as a context manager around serving them."""

    def __init__(self, classroom: Classroom, drawing: Drawing, asking: Asking, account: str) -> None:
        self._frame = DeskFrame(classroom, drawing, Commands(classroom.root), account)
        self._alike = AlikePages(self._frame)
        self._answers = AnswerPages(self._frame, asking, self._alike.now)
        self._settling = Settling(classroom, self._frame.commands)
        self._handing = Handing(classroom.directory, self._frame.commands)
        self._by_hand = HandPages(self._frame)
        self.all_written = True
        """After the desk: whether the results have all that was decided."""
        self._drawing_class = views.ClassDrawing()
        self._drawing_turn = threading.Lock()
        self._view: views.ClassView | None = None
        pages = (self._answers, self._alike, self._by_hand)
        self.app = Starlette(routes=[*self._routes(), *(route for each in pages for route in each.routes())])

    def __enter__(self) -> Desk:
        # Made before anybody waits for it.
        views.prepare()
        self._class_view(self._frame.classroom.state())
        self._alike.compare_early()
        self._frame.publishing.catch_up()
        return self

    def __exit__(self, *_: object) -> None:
        self.all_written = self._frame.publishing.close()
        self._frame.commands.stop()
        self._handing.close()

    def _routes(self) -> Iterator[Route]:
        for path, page in (
            ("/", self._class),
            ("/live", self._live),
            ("/notices", self._notices),
            ("/adjustments", self._adjustments),
            ("/hand-back", self._hand_back),
            ("/made/{number:int}", self._made),
            ("/files/{path:path}", self._files),
        ):
            yield self._frame.getting(path, page)
        yield self._frame.posting("/settle", SettleForm, self._settle)
        yield self._frame.posting("/take-back", TakeBackForm, self._take_back)
        yield self._frame.posting("/grade", Form, self._grade)
        yield self._frame.posting("/export", ExportForm, self._export)
        yield self._frame.posting("/feedback", FeedbackForm, self._feedback)

    def _class_view(self, state: ClassState) -> views.ClassView:
        with self._drawing_turn:
            view = self._view
            if view is None or view.number != state.number:
                view = self._view = self._drawing_class.view(state)
            return view

    def _class(self, request: Request) -> Response:
        state = self._frame.classroom.state()
        view = self._class_view(state)
        return self._frame.page(
            request,
            "class_desk.html",
            view=view,
            live_seconds=_LIVE_SECONDS,
            at_work=self._at_work,
            bed_style=view.bed_style,
        )

    @property
    def _at_work(self) -> bool:
        """Whether a command grades; to write results is none."""
        return self._frame.classroom.at_work and not self._frame.publishing.behind

    def _live(self, request: Request) -> Response:
        """What has changed since the state that is asked for; nothing where nothing has."""
        state = self._frame.classroom.state()
        at_work = bool(self._frame.doing) or self._at_work
        view = self._class_view(state)
        if number_of(request.query_params.get("n", "")) == state.number:
            return JSONResponse({"n": state.number, "work": at_work})
        changed = {"bed": view.bed_style, "head": view.head, "rows": view.rows, "parts": view.parts}
        return JSONResponse({"n": state.number, "work": at_work, **changed})

    # -- notices, adjustments --------------------------------------------------------------------------

    def _notices(self, request: Request) -> Response:
        state = self._frame.classroom.state()
        return self._frame.page(
            request,
            "notices.html",
            waiting=self._settling.waiting(state),
            notices=sorted(state.notices, key=lambda note: _NOTICE_ORDER.index(note.kind)),
            settles=SETTLED,
            plan=self._settling.path,
            several=len(self._frame.classroom.rounds()) > 1,
        )

    def _settle(self, request: Request, form: SettleForm) -> Response:
        state = self._frame.classroom.state()
        file, student, problem = form.file, form.student, form.problem
        if not file or not student or not problem:
            raise UsageError("name the student and the problem; nothing was changed")
        if (same := state.answers.get((student, problem))) is not None and same.path == file:
            raise UsageError(f"{file} is the answer of {student} to {problem} already")
        with self._frame.alone("writing the plan"):
            self._settling.settle(state, file, student, problem)
        told = f"{file} is to be the answer of {student} to {problem}. It counts once it is graded."
        return self._frame.back(request, "notices", DeskSaid(True, told))

    def _take_back(self, request: Request, form: TakeBackForm) -> Response:
        state = self._frame.classroom.state()
        with self._frame.alone("writing the plan"):
            self._settling.take_back(state, form.file)
        return self._frame.back(request, "notices", DeskSaid(True, f"{form.file} stays as it was."))

    def _grade(self, request: Request, form: Form) -> Response:
        state = self._frame.classroom.state()
        with self._frame.alone("grading what was settled"):
            ran = self._settling.grade(state)
        return self._frame.ran(request, "notices", ran)

    def _adjustments(self, request: Request) -> Response:
        state = self._frame.classroom.state()
        rules = state.batch.rules
        return self._frame.page(request, "adjustments.html", of_course=rules.of_course, of_batch=rules.of_batch)

    # -- handing back ----------------------------------------------------------------------------------

    def _hand_back(self, request: Request) -> Response:
        source = self._frame.classroom.state().batch.source
        return self._frame.page(
            request,
            "hand_back.html",
            formats=FORMATS,
            feedback_formats=FEEDBACK_FORMATS,
            source=source if source.exists() else "",
            made=self._handing.made,
        )

    def _export(self, request: Request, form: ExportForm) -> Response:
        with self._frame.alone("exporting"):
            self._frame.publishing.settle()
            ran = self._handing.export(form)
        return self._frame.back(request, "hand-back#made", DeskSaid(ran.well, _MADE if ran.well else ran.told))

    def _feedback(self, request: Request, form: FeedbackForm) -> Response:
        with self._frame.alone("putting reports together"):
            self._frame.publishing.settle()
            ran = self._handing.feedback(form)
        return self._frame.back(request, "hand-back#made", DeskSaid(ran.well, _MADE if ran.well else ran.told))

    def _made(self, request: Request) -> Response:
        """A file that was made, to be saved."""
        file = self._handing.file(request.path_params["number"])
        return Response(
            file.read_bytes(),
            media_type="application/octet-stream",
            headers={
                "content-disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
                "content-security-policy": f"default-src 'none'; {views.SANDBOX}",
            },
        )

    def _files(self, request: Request) -> Response:
        """The class's report and the pages that it leads to."""
        path = str(request.path_params["path"])
        parts = path.split("/")
        if path not in _OPEN_FILES and not (
            len(parts) == 3 and parts[0] == PAGES and parts[2].endswith(".html") and not {"", ".", ".."} & set(parts)
        ):
            raise UsageError(f"there is no {path} here")
        self._frame.publishing.settle()
        # The report's own script sorts its tables; its policy names that by its hash.
        return self._frame.file(path, f"{views.SANDBOX} allow-scripts" if path == INDEX else views.SANDBOX)
