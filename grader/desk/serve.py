"""The desk, served: on the loopback interface alone, until somebody ends it."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import uvicorn

from grader.batch.earlier import earlier_classes
from grader.desk.app import Desk
from grader.desk.asking import Asking
from grader.desk.class_state import Classroom
from grader.desk.drawing import Drawing
from grader.desk.guard import Guard
from grader.errors import UsageError
from grader.problem import Course

LOOPBACK = "127.0.0.1"
_TOKEN_BYTES = 24
_GOODBYE_SECONDS = 1


def serve_desk(
    directory: Path,
    course: Course,
    port: int,
    account: str,
    ready: Callable[[str], None],
    unwritten: Callable[[], None],
) -> None:
    """Serve the desk of the batch in `directory`; `ready` is called with its address, and `unwritten` at the end, where
    the results lack something that was decided.

    Raises UsageError where there are no results, or the port is taken.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with ExitStack() as stack:
        classroom = stack.enter_context(Classroom(directory.resolve(), course))
        # Forks, so it comes before anything that has threads.
        state = classroom.state()
        students = len(state.students) + sum(each.size for each in earlier_classes(state.batch.earlier)[0])
        drawing = stack.enter_context(Drawing(students))
        listening = stack.enter_context(_listen(port))
        asking = stack.enter_context(Asking(course.root))
        stack.callback(lambda: None if desk.all_written else unwritten())
        desk = stack.enter_context(Desk(classroom, drawing, asking, account))
        config = uvicorn.Config(
            Guard(desk.app, token),
            log_level="error",
            # The log of requests would hold the token.
            access_log=False,
            lifespan="off",
            server_header=False,
            date_header=False,
            ws="none",
            timeout_graceful_shutdown=_GOODBYE_SECONDS,
        )
        ready(f"http://{LOOPBACK}:{listening.getsockname()[1]}/{token}/")
        uvicorn.Server(config).run(sockets=[listening])


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
        # From now on: whoever reads the address may come at once.
        listening.listen()
    except OSError as error:
        listening.close()
        raise UsageError(
            f"port {port} cannot be had: {error.strerror}", hint="--port 0, the default, takes one that is free"
        ) from None
    return listening
