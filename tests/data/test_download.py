"""fetch() against real servers on this machine: good ones, bad ones, and none."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.data.download import ARCHIVES, MIRRORS, Archive, fetch
from grader.data.locations import chosen_folder
from grader.errors import HarnessError

from .files import GENUINE

CONTENT = np.random.default_rng(0).bytes(300_000)
ARCHIVE = Archive("digits.gz", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


class Mirror(ThreadingHTTPServer):
    """A server of one file. `asked` records the Range of each request."""

    daemon_threads = True

    def __init__(
        self, content: bytes = CONTENT, ranges: bool = True, stops_after: int | None = None, status: int = 200
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content, self.ranges, self.stops_after, self.status = content, ranges, stops_after, status
        self.asked: list[str | None] = []
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        wanted = self.headers["Range"]
        self.server.asked.append(wanted)
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and self.server.ranges else 0
        if self.server.status != 200:
            self.send_error(self.server.status)
            return
        body = self.server.content[start:]
        self.send_response(206 if start else 200)
        if start:
            whole = len(self.server.content)
            self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.stops_after])

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy between a test and its server."""
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def mirror() -> Iterator[Callable[..., Mirror]]:
    started: list[Mirror] = []

    def start(*args: Any, **options: Any) -> Mirror:
        started.append(Mirror(*args, **options))
        return started[-1]

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


def _fetch(folder: Path, *mirrors: Mirror | str, **options: object) -> Path:
    urls = [each if isinstance(each, str) else each.url for each in mirrors]
    return fetch(folder, mirrors=urls, archives=[ARCHIVE], **options)  # type: ignore[arg-type]


def _nobody() -> str:
    """The address of a port where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/"


def assert_complete(folder: Path) -> None:
    assert (folder / "digits.gz").read_bytes() == CONTENT
    assert [path.name for path in folder.iterdir()] == ["digits.gz"]


def test_a_file_is_downloaded_with_progress(tmp_path: Path, mirror: Callable[..., Mirror]) -> None:
    seen: list[tuple[str, int, int]] = []
    folder = tmp_path / "made" / "for it"
    assert _fetch(folder, mirror(), progress=lambda *step: seen.append(step)) == folder
    assert_complete(folder)
    assert seen[-1] == ("digits.gz", len(CONTENT), len(CONTENT))
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)


def test_by_default_it_goes_where_grading_looks(mirror: Callable[..., Mirror]) -> None:
    fetch(mirrors=[mirror().url], archives=[ARCHIVE])
    assert_complete(chosen_folder())


def test_a_good_file_is_not_asked_for_again(tmp_path: Path, mirror: Callable[..., Mirror]) -> None:
    (tmp_path / "digits.gz").write_bytes(CONTENT)
    server = mirror(content=b"other")
    _fetch(tmp_path, server)
    assert server.asked == []
    assert_complete(tmp_path)


def test_a_damaged_file_is_replaced(tmp_path: Path, mirror: Callable[..., Mirror]) -> None:
    (tmp_path / "digits.gz").write_bytes(CONTENT[:-1] + b"?")
    _fetch(tmp_path, mirror())
    assert_complete(tmp_path)


def test_a_damaged_file_stays_until_a_better_one_is_there(tmp_path: Path) -> None:
    (tmp_path / "digits.gz").write_bytes(b"damaged")
    with pytest.raises(HarnessError):
        _fetch(tmp_path, _nobody())
    assert (tmp_path / "digits.gz").read_bytes() == b"damaged"


def test_an_interrupted_download_is_continued(tmp_path: Path, mirror: Callable[..., Mirror]) -> None:
    (tmp_path / "digits.gz.part").write_bytes(CONTENT[:100_000])
    server = mirror()
    _fetch(tmp_path, server)
    assert server.asked == ["bytes=100000-"]
    assert_complete(tmp_path)


def test_a_server_without_ranges_starts_afresh(tmp_path: Path, mirror: Callable[..., Mirror]) -> None:
    (tmp_path / "digits.gz.part").write_bytes(CONTENT[:100_000])
    _fetch(tmp_path, mirror(ranges=False))
    assert_complete(tmp_path)


@pytest.mark.parametrize("left", [b"x" * 100_000, CONTENT + b"x", CONTENT[:-1] + b"?"], ids=["start", "long", "end"])
def test_a_wrong_rest_of_an_older_download_is_thrown_away(
    tmp_path: Path, mirror: Callable[..., Mirror], left: bytes
) -> None:
    (tmp_path / "digits.gz.part").write_bytes(left)
    _fetch(tmp_path, mirror())
    assert_complete(tmp_path)


def test_a_truncated_answer_is_continued_at_the_next_mirror(tmp_path: Path, mirror: Callable[..., Mirror]) -> None:
    short, whole = mirror(stops_after=70_000), mirror()
    _fetch(tmp_path, short, whole)
    assert whole.asked == ["bytes=70000-"]
    assert_complete(tmp_path)


def test_what_a_failed_download_got_is_kept(tmp_path: Path, mirror: Callable[..., Mirror]) -> None:
    with pytest.raises(HarnessError, match="the file ended after 140000 of 300000 bytes"):
        _fetch(tmp_path, mirror(stops_after=70_000))
    assert (tmp_path / "digits.gz.part").read_bytes() == CONTENT[:140_000]
    assert not (tmp_path / "digits.gz").exists()


def test_a_wrong_checksum_never_gets_the_files_name(tmp_path: Path, mirror: Callable[..., Mirror]) -> None:
    forged = bytes(len(CONTENT))
    with pytest.raises(HarnessError, match=r"digits.gz: no mirror delivered it \(.*wrong checksum"):
        _fetch(tmp_path, mirror(content=forged))
    assert list(tmp_path.iterdir()) == []


BAD: dict[str, dict[str, Any]] = {
    "checksum": {"content": bytes(len(CONTENT))},
    "status": {"status": 403},
    "longer": {"content": b"<html>" + CONTENT},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_after_a_bad_mirror_the_next_is_asked(
    tmp_path: Path, mirror: Callable[..., Mirror], bad: dict[str, Any]
) -> None:
    _fetch(tmp_path, mirror(**bad), mirror())
    assert_complete(tmp_path)


def test_without_a_network_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(HarnessError) as caught:
        _fetch(tmp_path, _nobody())
    message = caught.value.message
    assert message.startswith("digits.gz: no mirror delivered it (http://127.0.0.1:")
    assert "no connection, [Errno" in message
    assert "run `grade data fetch` again, it continues where it stopped, or copy the four" in message
    assert "\n" not in message


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HarnessError, match="file/mnist: it cannot be written"):
        _fetch(tmp_path / "file" / "mnist", _nobody())


def test_the_published_files_are_the_ones_known(tmp_path: Path) -> None:
    assert [archive.name for archive in ARCHIVES] == [
        f"{name}.gz"
        for name in (
            "t10k-images-idx3-ubyte",
            "t10k-labels-idx1-ubyte",
            "train-images-idx3-ubyte",
            "train-labels-idx1-ubyte",
        )
    ]
    assert all(url.startswith("https://") and url.endswith("/") for url in MIRRORS)


@pytest.mark.skipif(not GENUINE, reason="no copy of MNIST, by TORCHGRADE_MNIST or beside the project")
@pytest.mark.parametrize("archive", ARCHIVES[:2], ids=lambda archive: archive.name)
def test_the_checksums_are_those_of_the_genuine_files(archive: Archive) -> None:
    place = Path(GENUINE) / archive.name
    if not place.is_file():
        pytest.skip(f"TORCHGRADE_MNIST holds no {archive.name}")
    content = place.read_bytes()
    assert len(content) == archive.size
    assert hashlib.sha256(content).hexdigest() == archive.sha256
