"""The IDX file format of MNIST: a magic number, the sizes, then one byte per pixel or label; all big-endian.

Format: "THE IDX FILE FORMAT" on the MNIST page of Y. LeCun, C. Cortes and C. Burges.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grader.errors import HarnessError

IMAGES_MAGIC = 2051
LABELS_MAGIC = 2049
SIDE = 28
CLASSES = 10

_REPAIR = "delete it and run `grade data fetch`"
_GZIP_MAGIC = b"\x1f\x8b"


def read_pair(images_path: Path, labels_path: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Read images (N, 28, 28) and their labels (N,), gzipped or not.

    Raises HarnessError, one line: the file, what is wrong with it, what to do.
    """
    images, labels = _read_images(images_path), _read_labels(labels_path)
    if len(images) != len(labels):
        raise HarnessError(
            f"{labels_path}: {len(labels)} labels for the {len(images)} images of {images_path.name};"
            " delete both and run `grade data fetch`"
        )
    return images, labels


def _read_images(path: Path) -> NDArray[np.uint8]:
    content = _content(path)
    count, rows, columns = _header(path, content, IMAGES_MAGIC, "images", 3)
    if (rows, columns) != (SIDE, SIDE):
        raise _wrong(path, f"its images are {rows} x {columns} pixels, not {SIDE} x {SIDE}")
    pixels = _body(path, content, 16, count * SIDE * SIDE, "images", count)
    return pixels.reshape(count, SIDE, SIDE)


def _read_labels(path: Path) -> NDArray[np.int64]:
    content = _content(path)
    (count,) = _header(path, content, LABELS_MAGIC, "labels", 1)
    labels = _body(path, content, 8, count, "labels", count)
    if labels.max() >= CLASSES:
        where = int(labels.argmax())
        raise _wrong(path, f"label {where} is {labels[where]}, not a digit from 0 to {CLASSES - 1}")
    return labels.astype(np.int64)


def _content(path: Path) -> bytes:
    """The file's bytes, unpacked if they are gzip, whatever the file is called."""
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if raw.startswith(_GZIP_MAGIC) else raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _wrong(path, f"it cannot be unpacked ({error})") from error
    except OSError as error:
        raise HarnessError(f"{path}: it cannot be read ({error.strerror}); make it readable or delete it") from error


def _header(path: Path, content: bytes, magic: int, what: str, dimensions: int) -> tuple[int, ...]:
    length = 4 + 4 * dimensions
    if len(content) < length:
        raise _wrong(path, f"it ends within its header, after {len(content)} bytes")
    found, *sizes = struct.unpack(f">{1 + dimensions}I", content[:length])
    if found != magic:
        raise _wrong(path, f"its magic number is {found}, not {magic}, so it is no IDX file of {what}")
    if sizes[0] == 0:
        raise _wrong(path, f"it holds no {what}")
    return tuple(sizes)


def _body(path: Path, content: bytes, start: int, length: int, what: str, count: int) -> NDArray[np.uint8]:
    found = len(content) - start
    if found != length:
        raise _wrong(path, f"{count} {what} take {length} bytes after the header, but {found} are there")
    return np.frombuffer(content, np.uint8, offset=start)


def _wrong(path: Path, fact: str) -> HarnessError:
    return HarnessError(f"{path}: {fact}; {_REPAIR}")
