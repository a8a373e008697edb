"""What stands before every page of the desk: who may ask, and what a browser may do with the answer.

The address holds a token, and no cookie does: a cookie of 127.0.0.1 goes to every port there, other users' servers
among them, and is sent along with whatever another site asks for. A page of another site does not know the token.
Should it find out, it is still another site: its requests name it as their origin, and where a name was made to point
here, they name that as their host.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

_HOSTS = ("127.0.0.1", "localhost", "[::1]")
MOST_BODY = 60_000_000
"""Bytes of a request: a template of a gradebook is the largest thing that anybody sends."""
_MOST_DIGITS = 12
_TOO_LARGE = "This is more than the desk takes."
_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    # Within the desk alone: no other site reads the token from it. A form needs it, or its origin is called null.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"x-robots-tag", b"noindex"),
)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


class RequestTooLarge(Exception):
    """A request has more than `MOST_BODY` bytes."""


class Guard:
    """An ASGI application that lets through to another what comes from this machine's user."""

    def __init__(self, app: AsgiApp, token: str) -> None:
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        if refusal := self._refusal(scope):
            await _say(send, *refusal)
            return
        inner = dict(scope)
        inner["root_path"] = f"/{self._token.decode()}"
        inner["state"] = dict(scope.get("state") or {})
        begun = False

        async def answering(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message = {**message, "headers": [*_kept(message.get("headers", ())), *_HEADERS]}
            await send(message)

        try:
            await self._app(inner, _bounded(receive), answering)
        except RequestTooLarge:
            if not begun:
                await _say(send, 413, _TOO_LARGE)

    def _refusal(self, scope: MutableMapping[str, Any]) -> tuple[int, str] | None:
        """Status and reason, where the request is not let through."""
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name in (b"host", b"origin") and name in headers:
                return 400, "A header stands twice."
            headers[name] = value
        host = headers.get(b"host", b"").decode("latin-1")
        if _name_of(host) not in _HOSTS:
            return 421, "The desk answers on this machine only, by the address that grade desk printed."
        given = scope["path"].split("/", 2)
        if len(given) < 3 or not secrets.compare_digest(given[1].encode("utf-8", "replace"), self._token):
            return 404, "There is nothing here. The address that grade desk printed holds a token; copy all of it."
        if scope["method"] not in ("GET", "HEAD"):
            origin = headers.get(b"origin", b"").decode("latin-1")
            if origin != f"http://{host}":
                return 403, "Only the desk's own pages may change anything."
            length = headers.get(b"content-length", b"0")
            if not length.isdigit() or len(length) > _MOST_DIGITS or int(length) > MOST_BODY:
                return 413, _TOO_LARGE
        return None


def _name_of(host: str) -> str:
    """The name in a Host header. Any port will do: the desk may be reached through a tunnel."""
    name, colon, port = host.rpartition(":")
    if not colon or (host.startswith("[") and host.endswith("]")):
        return host.lower()
    return name.lower() if port.isascii() and port.isdigit() else ""


def _kept(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    ours = {name for name, _ in _HEADERS}
    return [(name, value) for name, value in headers if name.lower() not in ours]


def _bounded(receive: Receive) -> Receive:
    taken = 0

    async def next_message() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BODY:
            raise RequestTooLarge
        return message

    return next_message


async def _say(send: Send, status: int, text: str) -> None:
    body = f"{text}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"content-security-policy", b"default-src 'none'"),
        *_HEADERS,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
