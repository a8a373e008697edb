"""Download MNIST from its public mirrors.

Each file is written to `NAME.part` beside its place, and takes its place only when its SHA-256 is the
published one: so what this module wrote is always whole. A `.part` that an interrupted download left is
continued with a Range request, from whichever mirror answers. Files that are good are not asked for again.
"""

from __future__ import annotations

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path

from grader.data.locations import chosen_folder
from grader.errors import HarnessError

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)

Progress = Callable[[str, int, int], None]
"""Called with a file's name, its bytes so far, its bytes in all."""


@dataclass(frozen=True)
class Archive:
    """One published file."""

    name: str
    size: int
    sha256: str


ARCHIVES = (
    # The t10k pair comes first: it is small, and enough to grade with.
    Archive(
        "t10k-images-idx3-ubyte.gz",
        1_648_877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    Archive(
        "t10k-labels-idx1-ubyte.gz",
        4_542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
    Archive(
        "train-images-idx3-ubyte.gz",
        9_912_422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    Archive(
        "train-labels-idx1-ubyte.gz",
        28_881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
)

_CHUNK = 64 * 1024
_ROUNDS = 2
"""How often all mirrors are tried for one file, each continuing where the one before stopped."""


def fetch(
    folder: Path | None = None,
    *,
    mirrors: Iterable[str] = MIRRORS,
    archives: Iterable[Archive] = ARCHIVES,
    progress: Progress = lambda name, done, total: None,
    timeout_s: float = 30.0,
) -> Path:
    """Make the published files complete in `folder` (default: where grading looks for them) and return it.

    Raises HarnessError, one line: the file, what went wrong at each mirror, what to do.
    """
    folder = chosen_folder() if folder is None else folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for archive in archives:
            _fetch_one(folder / archive.name, archive, tuple(mirrors), progress, timeout_s)
    except OSError as error:
        raise HarnessError(
            f"{folder}: it cannot be written ({error.strerror}); make room or choose another folder"
        ) from error
    return folder


def _fetch_one(place: Path, archive: Archive, mirrors: tuple[str, ...], progress: Progress, timeout_s: float) -> None:
    if place.is_file() and _is_good(place, archive):
        progress(archive.name, archive.size, archive.size)
        return
    part = place.with_name(place.name + ".part")
    faults: dict[str, str] = {}
    for mirror in mirrors * _ROUNDS:
        try:
            _continue(part, mirror + archive.name, archive, progress, timeout_s)
        except _MirrorError as fault:
            faults[mirror] = str(fault)
            continue
        if _is_good(part, archive):
            os.replace(part, place)
            return
        part.unlink()
        faults[mirror] = "the file has a wrong checksum"
    reasons = ", ".join(f"{mirror}: {fault}" for mirror, fault in faults.items())
    raise HarnessError(
        f"{archive.name}: no mirror delivered it ({reasons}); check the network and run `grade data fetch`"
        f" again, it continues where it stopped, or copy the four MNIST files to {place.parent}"
    )


class _MirrorError(Exception):
    """This mirror did not deliver the whole file; another one may."""


def _continue(part: Path, url: str, archive: Archive, progress: Progress, timeout_s: float) -> None:
    """Append to `part` what is missing of the file at `url`."""
    have = part.stat().st_size if part.exists() else 0
    if have == archive.size:
        return
    if have > archive.size:
        part.unlink()
        have = 0
    with _opened(url, have, timeout_s) as response:
        # A server that knows no ranges answers 200 with the whole file.
        partial = response.status == HTTPStatus.PARTIAL_CONTENT
        if partial and not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            raise _MirrorError("the server sent another range than was asked for")
        done = have if partial else 0
        with part.open("ab" if partial else "wb") as file:
            while done < archive.size and (chunk := _received(response, min(_CHUNK, archive.size - done))):
                file.write(chunk)
                done += len(chunk)
                progress(archive.name, done, archive.size)
    if done < archive.size:
        raise _MirrorError(f"the file ended after {done} of {archive.size} bytes")


def _opened(url: str, start: int, timeout_s: float) -> HTTPResponse:
    request = urllib.request.Request(url, headers={"Range": f"bytes={start}-"} if start else {})
    try:
        response: HTTPResponse = urllib.request.urlopen(request, timeout=timeout_s)
    except urllib.error.HTTPError as error:
        raise _MirrorError(f"the server answered {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        raise _MirrorError(f"no connection, {error.reason}") from error
    except (OSError, HTTPException) as error:
        raise _MirrorError(f"no connection, {error}") from error
    return response


def _received(response: HTTPResponse, limit: int) -> bytes:
    # Alone in here: nobody takes an error of the network for one of the disk, though both are OSErrors.
    try:
        return response.read(limit)
    except (OSError, HTTPException) as error:
        raise _MirrorError(f"the connection broke, {error}") from error


def _is_good(path: Path, archive: Archive) -> bool:
    if path.stat().st_size != archive.size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == archive.sha256
