"""``python -m grader.cli.xqueue COURSE ADDRESS QUEUE [--once]``: grades what an XQueue gives out.

    log in  ->  get_submission  ->  grade  ->  put_result  ->  get_submission  ->  …

The protocol is that of openedx/xqueue-watcher, client.py. XQUEUE_USER and XQUEUE_PASSWORD in the environment log in. A
submission that could not be graded through a fault of ours gets no reply: the queue gives it out again, and this
command ends, for staff to read why.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import msgspec

from grader.errors import ExitCode, GraderError, HarnessError, UsageError

_MOST = 32 << 20
_TIMEOUT_SECONDS = 60.0
_PAUSE_SECONDS = 5.0
_Kind = TypeVar("_Kind")
_USAGE = "usage: python -m grader.cli.xqueue COURSE ADDRESS QUEUE [--once]"


class _Reply(msgspec.Struct):
    return_code: int
    content: Any = ""


class _Content(msgspec.Struct):
    xqueue_header: str
    xqueue_body: str
    xqueue_files: str = ""


class _Body(msgspec.Struct):
    student_response: str = ""
    grader_payload: str = ""


class _Payload(msgspec.Struct):
    problem: str


class _XQueue:
    """One queue of a server."""

    def __init__(self, address: str, queue: str) -> None:
        self._address, self._queue = address.rstrip("/"), queue
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def log_in(self, user: str, password: str) -> None:
        """Raise UsageError where the server does not let us in."""
        if self._post("login", username=user, password=password).return_code != 0:
            raise UsageError(
                f"{self._address} does not let {user or 'nobody'} in", hint="set XQUEUE_USER and XQUEUE_PASSWORD"
            )

    def submission(self) -> _Content | None:
        """What is to be graded next; None where nothing waits."""
        reply = self._asked(f"{self._address}/xqueue/get_submission/?{urlencode({'queue_name': self._queue})}", None)
        if reply.return_code != 0:
            return None
        return _decoded(reply.content, _Content, "a submission")

    def put(self, header: str, body: bytes) -> None:
        """Hand a reply in. Raises HarnessError where the server does not take it."""
        reply = self._post("put_result", xqueue_header=header, xqueue_body=body.decode())
        if reply.return_code != 0:
            raise HarnessError(f"the queue did not take the reply: {reply.content}")

    def _post(self, what: str, **fields: str) -> _Reply:
        return self._asked(f"{self._address}/xqueue/{what}/", urlencode(fields).encode())

    def _asked(self, address: str, data: bytes | None) -> _Reply:
        try:
            with self._opener.open(address, data, timeout=_TIMEOUT_SECONDS) as reply:
                content = reply.read(_MOST + 1)
        except (URLError, OSError, ValueError) as error:
            raise HarnessError(f"{self._address} cannot be asked: {error}") from None
        if len(content) > _MOST:
            raise HarnessError(f"{self._address} replies with more than {_MOST >> 20} MB")
        return _decoded(content, _Reply, "a reply of XQueue's")


def _decoded(content: Any, kind: type[_Kind], what: str) -> _Kind:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, TypeError) as error:
        raise HarnessError(f"this is not {what}: {error}") from None


def reply_to(course: Path, content: _Content) -> bytes:
    """The reply to one submission. Raises GraderError for faults that are not the student's."""
    from grader.release.autograders import AUTOGRADERS
    from grader.release.autograding import autograde

    body = _decoded(content.xqueue_body, _Body, "a body of a submission")
    payload = body.grader_payload.strip()
    problem = _decoded(payload, _Payload, "a grader_payload").problem if payload.startswith("{") else payload
    if not problem:
        raise UsageError("grader_payload names no problem", hint='such as {"problem": "02"}')
    code = body.student_response
    ending = "ipynb" if code.lstrip().startswith("{") else "py"
    with tempfile.TemporaryDirectory(prefix="xqueue-") as folder:
        if code.strip():
            (Path(folder) / f"answer.{ending}").write_bytes(code.encode("utf-8", "replace"))
        return AUTOGRADERS["xqueue"].encode(autograde(course, Path(folder), only=problem))


def main(arguments: Sequence[str]) -> int:
    """Grade until something is wrong, or with ``--once`` one submission at most; an exit code."""
    from grader.cli.shared import say, say_error

    once = "--once" in arguments
    words = [word for word in arguments if word != "--once"]
    if len(words) != 3:
        say(_USAGE)
        return int(ExitCode.WRONG_USAGE)
    course, address, name = words
    try:
        queue = _XQueue(address, name)
        queue.log_in(os.environ.get("XQUEUE_USER", ""), os.environ.get("XQUEUE_PASSWORD", ""))
        while True:
            if (content := queue.submission()) is not None:
                queue.put(content.xqueue_header, reply_to(Path(course), content))
            if once:
                return int(ExitCode.FULL_MARKS)
            if content is None:
                time.sleep(_PAUSE_SECONDS)
    except UsageError as error:
        say_error(error)
        return int(ExitCode.WRONG_USAGE)
    except GraderError as error:
        say_error(error)
    except Exception:
        traceback.print_exc()
    return int(ExitCode.HARNESS_FAULT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
