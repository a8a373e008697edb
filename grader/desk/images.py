"""An image that a student made, as a data URL for an <img>; or why it is not shown. In a process that may die over it.

An <img> runs no script of an SVG and loads nothing for it (SVG 2, "secure static mode"), and the page's policy allows
images of data URLs alone. What is left to refuse is what costs the reader's browser: many pixels, and drawings whose
references multiply.

PNG: W3C PNG, 11.2.1; JPEG: ITU-T T.81, B.1 and B.2.2; SVG: W3C SVG 1.1 and 2.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Mapping
from xml.parsers import expat

KINDS = ("image/png", "image/jpeg", "image/svg+xml")
"""Those that are shown; of several of one picture the first."""
_MOST_BYTES = 3_000_000
_MOST_PIXELS = 20_000_000
_MOST_DRAWN = 100_000
"""Elements of an SVG, those that references draw again included."""
_MOST_DEPTH = 100
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG after which its size stands: SOF0 to SOF15, without DHT, JPG and DAC."""
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length."""
_SVG = "http://www.w3.org/2000/svg "
_MOVING = ("set", "animate", "animateMotion", "animateTransform")
_ACTIVE = frozenset(("script", "foreignObject", "iframe", "filter", *_MOVING))
_REFERENCE = re.compile(r"url\(\s*['\"]?\s*([^)'\"\s]*)")


class NotShown(Exception):
    """Why an image is not shown, as a clause."""


def data_url(kind: str, content: str) -> str:
    """The image as a data URL: `content` is base64, or an SVG as it is written. Raises NotShown."""
    if kind not in KINDS:
        raise NotShown("only PNG, JPEG and SVG are")
    data = _decoded(kind, content)
    if len(data) > _MOST_BYTES:
        raise NotShown(f"it has more than {_MOST_BYTES // 1_000_000} MB")
    if kind == "image/svg+xml":
        _refuse_costly(data)
    else:
        width, height = _png_size(data) if kind == "image/png" else _jpeg_size(data)
        if not 0 < width * height <= _MOST_PIXELS:
            raise NotShown(f"it has {width} times {height} pixels")
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _decoded(kind: str, content: str) -> bytes:
    if kind == "image/svg+xml" and content.lstrip("\ufeff \t\r\n").startswith("<"):
        return content.encode("utf-8", "replace")
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError):
        raise NotShown("it is not readable") from None


def _png_size(data: bytes) -> tuple[int, int]:
    if not data.startswith(_PNG) or data[12:16] != b"IHDR":
        raise NotShown("it is no PNG")
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Of the first frame: segments are walked over by their lengths."""
    if not data.startswith(_JPEG):
        raise NotShown("it is no JPEG")
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF or marker in _ALONE:
            place += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES and place + 9 <= len(data):
            height, width = (int.from_bytes(data[at : at + 2], "big") for at in (place + 5, place + 7))
            return width, height
        place += 2 + max(2, int.from_bytes(data[place + 2 : place + 4], "big"))
    raise NotShown("it is no JPEG whose size can be read")


# -- SVG -------------------------------------------------------------------------------------------


def _refuse_costly(data: bytes) -> None:
    """Raise NotShown where an SVG is none, or asks a browser for more than a drawing."""
    reading = _Drawing()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    # A document type is usual, as matplotlib writes it; entities of its own are what multiplies.
    parser.EntityDeclHandler = reading.entity
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise NotShown(f"it is no SVG: {error}") from None
    reading.refuse_multiplied()


class _Drawing:
    """Counts what an SVG draws. Each element belongs to all around it that have an id, and to the whole."""

    def __init__(self) -> None:
        self._open: list[tuple[str, str]] = []
        """Name and id of the elements around."""
        self._own: Counter[str] = Counter()
        self._references: dict[str, Counter[str]] = {"": Counter()}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if not self._open and name != f"{_SVG}svg":
            raise NotShown("it is no SVG")
        plain = name.rpartition(" ")[2]
        if plain in _ACTIVE or any(each.rpartition(" ")[2].lower().startswith("on") for each in attributes):
            raise NotShown(f"it holds more than a drawing ({plain})")
        if len(self._open) >= _MOST_DEPTH:
            raise NotShown("it is nested too deeply")
        id = attributes.get("id", "")
        self._open.append((plain, id))
        if id:
            self._references.setdefault(id, Counter())
        around = {"", *(each for _, each in self._open)}
        for each in around:
            self._own[each] += 1
        if self._own[""] > _MOST_DRAWN:
            raise NotShown(f"it draws more than {_MOST_DRAWN:,} elements")
        for attribute, value in attributes.items():
            if "\\" in value:
                raise NotShown("it holds escapes, behind which it may refer to anything")
            for target in self._targets(plain, attribute.rpartition(" ")[2], value):
                for each in around:
                    self._references[each][target] += 1

    def end(self, name: str) -> None:
        """An element ends."""
        self._open.pop()

    def text(self, text: str) -> None:
        """Text between elements; of a style sheet it may refer to something."""
        if self._open and self._open[-1][0] == "style" and ("url" in text or "@" in text or "\\" in text):
            raise NotShown("its style sheet refers to something")

    def entity(self, *_: object) -> None:
        """An entity is declared."""
        raise NotShown("it declares entities")

    def _targets(self, element: str, attribute: str, value: str) -> list[str]:
        """Ids that an attribute refers to."""
        targets = _REFERENCE.findall(value)
        if attribute == "href" and element != "a":
            targets.append(value.strip())
        found = []
        for target in targets:
            if target.startswith("#"):
                found.append(target[1:])
            elif element == "image" and target.startswith(("data:image/png;base64,", "data:image/jpeg;base64,")):
                kind, _, content = target.removeprefix("data:").partition(";base64,")
                data_url(kind, content)
            elif target:
                raise NotShown("it refers to something outside of it")
        return found

    def refuse_multiplied(self) -> None:
        """Raise NotShown where references draw too much again, or themselves."""
        drawn: dict[str, int] = {}
        under_way: set[str] = set()

        def count(id: str) -> int:
            if id in under_way:
                raise NotShown("it refers to itself")
            if id not in drawn:
                if len(under_way) >= _MOST_DEPTH:
                    raise NotShown("its references are nested too deeply")
                under_way.add(id)
                again = self._references.get(id, Counter[str]())
                drawn[id] = self._own[id] + sum(times * count(target) for target, times in again.items())
                under_way.discard(id)
                if drawn[id] > _MOST_DRAWN:
                    raise NotShown(f"it draws more than {_MOST_DRAWN:,} elements")
            return drawn[id]

        for id in list(self._references):
            count(id)
