"""Who may ask the desk, and what a browser may do with the answer."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.desk.conftest import HOSTILE, OpenDesk

httpx = pytest.importorskip("httpx", reason="httpx is not installed")
pytest.importorskip("uvicorn", reason="the desk's extra is not installed")


def raw(desk: OpenDesk, *lines: str, body: str = "") -> tuple[int, str]:
    """Status and text of a reply to exactly these lines."""
    at = urlsplit(desk.address)
    assert at.hostname is not None
    assert at.port is not None
    with socket.create_connection((at.hostname, at.port), timeout=20) as connection:
        connection.sendall(("\r\n".join([*lines, "Connection: close", "", ""]) + body).encode())
        reply = b""
        while part := connection.recv(65536):
            reply += part
    head, _, text = reply.decode("utf-8", "replace").partition("\r\n\r\n")
    return int(head.split()[1]), text


def path_of(desk: OpenDesk, more: str = "") -> str:
    return urlsplit(desk.address).path + more


def host_of(desk: OpenDesk) -> str:
    return urlsplit(desk.address).netloc


def test_it_listens_on_the_loopback_interface_alone(looked_at: OpenDesk) -> None:
    port = urlsplit(looked_at.address).port
    listening = [
        line.split()[1]
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text("ascii").splitlines()[1:]
        if line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A"
    ]
    assert listening == [f"0100007F:{port:04X}"]


@pytest.mark.parametrize(
    "token",
    ["", "x", "wrong/", "{token}x/", "{half}/", "{TOKEN}/"],
    ids=["no", "short", "wrong", "longer", "half", "case"],
)
def test_without_the_token_there_is_nothing(looked_at: OpenDesk, token: str) -> None:
    right = path_of(looked_at).strip("/")
    path = "/" + token.format(token=right, half=right[: len(right) // 2], TOKEN=right.swapcase())
    status, text = raw(looked_at, f"GET {path} HTTP/1.1", f"Host: {host_of(looked_at)}")
    assert status == 404
    assert "Ann" not in text
    assert right not in text


HOSTS = {
    "another": ("evil.example", 421),
    "rebound": ("evil.example:{port}", 421),
    "begins-alike": ("127.0.0.1.evil.example:{port}", 421),
    "user": ("127.0.0.1@evil.example", 421),
    "other-address": ("127.0.0.2:{port}", 421),
    "no-port": ("127.0.0.1:x", 421),
    "name": ("localhost:{port}", 200),
    "tunnel": ("localhost:1", 200),
    "as-it-is": ("127.0.0.1:{port}", 200),
}


@pytest.mark.parametrize(("host", "status"), HOSTS.values(), ids=HOSTS)
def test_no_other_name_leads_here(looked_at: OpenDesk, host: str, status: int) -> None:
    port = urlsplit(looked_at.address).port
    got, _ = raw(looked_at, f"GET {path_of(looked_at)} HTTP/1.1", f"Host: {host.format(port=port)}")
    assert got == status


def test_two_hosts_are_one_too_many(looked_at: OpenDesk) -> None:
    host = host_of(looked_at)
    got, _ = raw(looked_at, f"GET {path_of(looked_at)} HTTP/1.1", f"Host: {host}", "Host: evil.example")
    assert got == 400


ORIGINS = {
    "none": None,
    "null": "null",
    "another": "http://evil.example",
    "https": "https://{host}",
    "port": "http://127.0.0.1:1",
}


@pytest.mark.parametrize("origin", ORIGINS.values(), ids=ORIGINS)
@pytest.mark.parametrize("path", ["adjust/bob/01-double", "grade", "regrade/bob/01-double", "settle"])
def test_no_other_page_changes_anything(looked_at: OpenDesk, origin: str | None, path: str) -> None:
    body = "change=points&number=1&because=x"
    headers = [f"Origin: {origin.format(host=host_of(looked_at))}"] if origin is not None else []
    got, _ = raw(
        looked_at,
        f"POST {path_of(looked_at, path)} HTTP/1.1",
        f"Host: {host_of(looked_at)}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        *headers,
        body=body,
    )
    assert got == 403
    assert not (looked_at.where.out / "adjustments.csv").exists()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_change_is_no_link(looked_at: OpenDesk, method: str) -> None:
    assert looked_at.client.request(method, "adjust/bob/01-double").status_code == 405


@pytest.mark.parametrize("length", ["70000000", "-1", "x", "9" * 4000])
def test_a_request_has_its_bounds(looked_at: OpenDesk, length: str) -> None:
    got, _ = raw(
        looked_at,
        f"POST {path_of(looked_at, 'export')} HTTP/1.1",
        f"Host: {host_of(looked_at)}",
        f"Origin: {looked_at.origin}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {length}",
    )
    assert got in (400, 413)


def test_a_request_that_does_not_say_how_long_it_is_has_them_too(looked_at: OpenDesk) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"format="
        for _ in range(61):
            yield b"x" * 1_000_000

    with contextlib.suppress(httpx.TransportError):
        reply = looked_at.client.post(
            "export", content=pieces(), headers={"content-type": "application/x-www-form-urlencoded"}
        )
        assert reply.status_code in (400, 413)
    assert looked_at.get("live").status_code == 200


PAGES = [
    "",
    "alike",
    "notices",
    "adjustments",
    "hand-back",
    "answer/cy/01-double",
    "answer/bob/01-double",
    "nothing/here",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_nothing_but_the_desks_script(looked_at: OpenDesk, path: str) -> None:
    reply = looked_at.get(path)
    if path.startswith("nothing"):
        assert reply.status_code == 404
        return
    assert reply.status_code == 200
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in reply.headers
    assert reply.text.count("<script") == 1
    assert HOSTILE not in reply.text
    assert "<img" not in reply.text


FRAMED = ["report/cy/01-double", "report/ann/01-double", "files/index.html", "files/pages/ann/01-double.html"]


@pytest.mark.parametrize("path", FRAMED)
def test_what_is_framed_is_of_no_origin(looked_at: OpenDesk, path: str) -> None:
    reply = looked_at.get(path)
    assert reply.status_code == 200
    policy = reply.headers["content-security-policy"]
    assert policy.split()[0] == "sandbox"
    assert "allow-same-origin" not in policy
    assert ("allow-scripts" in policy) == (path == "files/index.html")


OUTSIDE = [
    "files/batch.db",
    "files/students.json",
    "files/../batch.db",
    "files/pages/../batch.db",
    "files/pages/ann/../../batch.db",
    "files/pages/%2e%2e/x.html",
    "files/%2fetc%2fpasswd",
    "files/pages/linked/x.html",
    "files/pages/ann/linked.html",
    "report/..%2f..%2fx/01-double",
    "answer/nobody/01-double",
    "answer/ann/03-nothing",
    "code/ann/01-double/7",
    "made/1",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_only_pages_of_the_class_are_handed_out(looked_at: OpenDesk, path: str) -> None:
    pages = looked_at.where.out / "pages"
    if not (pages / "linked").exists():
        (pages / "linked").symlink_to(looked_at.where.course)
        (looked_at.where.course / "x.html").write_text("a secret", encoding="utf-8")
        (pages / "ann" / "linked.html").symlink_to(looked_at.where.course / "x.html")
    got, text = raw(looked_at, f"GET {path_of(looked_at, path)} HTTP/1.1", f"Host: {host_of(looked_at)}")
    assert got == 404
    assert "a secret" not in text


def test_a_file_is_saved_as_it_was_handed_in(looked_at: OpenDesk) -> None:
    reply = looked_at.get("code/cy/01-double/0")
    assert reply.content == (looked_at.where.work / "cy" / "01.py").read_bytes()
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["content-disposition"] == "attachment; filename*=UTF-8''01.py"
