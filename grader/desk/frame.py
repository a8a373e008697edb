"""What all of the desk's pages share: how a request is answered, and how something is changed."""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from grader.batch.decisions import Decision
from grader.batch.model import Row
from grader.common.suggest import did_you_mean
from grader.desk import views
from grader.desk.class_state import Classroom, ClassState
from grader.desk.commands import CommandRan, Commands
from grader.desk.drawing import Drawing
from grader.desk.forms import FormT, Uploaded, read_form
from grader.desk.publishing import Publishing
from grader.errors import GraderError, UsageError

TYPES = {".html": "text/html; charset=utf-8", ".csv": "text/plain; charset=utf-8"}
_SAID = 60
_PATIENCE_SECONDS = 2.0

Answer = Callable[[Request], Response]


class DeskSaid(msgspec.Struct, frozen=True):
    """What came of something that was done."""

    well: bool
    text: str


class DeskFrame:
    """Answers requests with pages, and lets one change at a time happen."""

    def __init__(self, classroom: Classroom, drawing: Drawing, commands: Commands, account: str) -> None:
        self.classroom = classroom
        self.drawing = drawing
        self.commands = commands
        self.publishing = Publishing(classroom, commands)
        self.account = account
        self.doing = ""
        """What is being changed now."""
        self.alike_pairs = 0
        self._changing = threading.Lock()
        self._said: dict[int, DeskSaid] = {}

    def getting(self, path: str, answer: Answer) -> Route:
        """A page at an address."""

        async def endpoint(request: Request) -> Response:
            try:
                return await run_in_threadpool(answer, request)
            except GraderError as error:
                return self._refused(request, error)

        return Route(path, endpoint, methods=["GET"])

    def posting(self, path: str, kind: type[FormT], change: Callable[[Request, FormT], Response]) -> Route:
        """A change, asked for at an address by a form of that kind."""

        async def endpoint(request: Request) -> Response:
            sent: dict[str, list[str | Uploaded]] = {}
            async with request.form(max_files=1, max_fields=100) as fields:
                for name, value in fields.multi_items():
                    of_name = sent.setdefault(name, [])
                    if isinstance(value, str):
                        of_name.append(value.strip())
                    else:
                        of_name.append(Uploaded(value.filename or "", await value.read()))
            try:
                return await run_in_threadpool(change, request, read_form(kind, sent))
            except GraderError as error:
                text = error.message + (f"\n{error.hint}" if error.hint else "")
                where = sent.get("back", [""])[-1]
                return self.back(request, where if isinstance(where, str) else "", DeskSaid(False, text))

        return Route(path, endpoint, methods=["POST"])

    def page(self, request: Request, name: str, **values: object) -> Response:
        """A page, with what all of them have."""
        state = self.classroom.state()
        html, policy = views.page(
            name,
            root=f"{request.scope['root_path']}/",
            here=request.scope["path"].removeprefix(request.scope["root_path"]).lstrip("/"),
            state=state,
            said=self._said.get(number_of(request.query_params.get("said", ""))),
            doing=self.doing,
            unwritten=self.publishing.wrong,
            alike_pairs=self.alike_pairs,
            has_parts=any(problem.manual for problem in state.problems.values()),
            account=self.account,
            name_of=lambda student: views.name_of(state, student),
            folder=views.folder_link,
            quote=quote,
            **values,
        )
        return HTMLResponse(html, headers={"content-security-policy": policy})

    def _refused(self, request: Request, error: GraderError) -> Response:
        try:
            response = self.page(request, "refused.html", error=error)
        except GraderError:
            return PlainTextResponse(f"{error.message}\n", 500, headers={"content-security-policy": views.SANDBOX})
        response.status_code = 404 if isinstance(error, UsageError) else 500
        return response

    def back(self, request: Request, where: str, said: DeskSaid) -> Response:
        """Back to a page of the desk, which then says what came of it."""
        number = max(self._said, default=0) + 1
        self._said[number] = said
        self._said.pop(number - _SAID, None)
        page, hash_, place = where.partition("#")
        joint = "&" if "?" in page else "?"
        return RedirectResponse(
            f"{request.scope['root_path']}/{page.lstrip('/')}{joint}said={number}{hash_}{place}", status_code=303
        )

    def ran(self, request: Request, where: str, ran: CommandRan) -> Response:
        """Back, with what a command said."""
        return self.back(request, where, DeskSaid(ran.well, ran.told))

    @contextlib.contextmanager
    def alone(self, doing: str) -> Iterator[None]:
        """Change something, alone. Raises UsageError where something else is being changed."""
        if not self._changing.acquire(timeout=_PATIENCE_SECONDS):
            raise UsageError(f"the desk is at work: {self.doing}", hint="wait until that is done; nothing was changed")
        self.doing = doing
        try:
            yield
        finally:
            self.doing = ""
            self._changing.release()

    def decide(self, decision: Decision) -> DeskSaid:
        """Keep a decision. Raises UsageError where it cannot be kept; results follow it soon."""
        decision.keep()
        self.publishing.due()
        return DeskSaid(True, f"{decision.change}\n{decision.kept}")

    def row(self, request: Request, state: ClassState) -> Row:
        """The answer that an address names. Raises UsageError where there is none."""
        folder, slug = request.path_params["folder"], request.path_params["slug"]
        student = state.folders.get(folder)
        if student is None:
            raise UsageError(f"there is no student {folder}; {did_you_mean(folder, state.folders)}")
        row = state.answers.get((student, slug))
        if row is None:
            raise UsageError(f"there is no answer of {student} to {slug}")
        return row

    def file(self, path: str, policy: str) -> Response:
        """One file of the batch's directory, which is no link, nor lies behind one."""
        try:
            content = _regular(self.classroom.directory, path.split("/"))
        except OSError:
            raise UsageError(f"{path} is not there yet: results are written when everything is graded") from None
        ending = path[path.rindex(".") :]
        return Response(content, media_type=TYPES[ending], headers={"content-security-policy": policy})


def _regular(folder: Path, parts: list[str]) -> bytes:
    """What a regular file holds, no link followed below `folder`. Raises OSError."""
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
            os.close(here)
            here = inner
        fd = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=here)
    finally:
        os.close(here)
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError("no regular file")
        return file.read()


def number_of(text: str) -> int:
    """A number in an address; -1 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
