"""Names in zip archives, which do not say in which encoding they are written.

A name is UTF-8 where the archive flags it so, or carries it in an extra field of its own. Else it is in whatever the
computer used that packed it: the old DOS code page by the standard, in fact UTF-8, or the code page of its country. All
names of an archive were packed by one computer, so they are judged together: by the first encoding in which they are
letters that belong together.
"""

from __future__ import annotations

import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Sequence

_UTF8 = 0x800
_UNICODE_PATH = 0x7075
_EAST_ASIAN = ("gb18030", "cp932", "cp949", "big5")
_SYLLABLES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유홍전고문손양배백허남심노하곽성차주우구민진지나엄채원천방공현함변염여추도소석선설마길연"
    "위표명기반왕금옥육인맹제모탁국어은편용예경봉사부가복태목형두감음빈동온호범좌팽승간상갈영희수철준서윤아린빈혜미숙자순"
    "재훈민우진호석환규식찬혁건율람솔별하늘새봄과제실습답안번일차최종완료복사본폴더파일학생조팀보고서를의을는에로와"
)
"""Syllables of Korean names and of what files are called. Others stand for a code page that only happens to fit."""
_SINGLE_BYTE = ("cp437", "cp850", "cp866", "cp1251", "cp1253", "cp1252", "cp1250")


def entry_names(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The names of an archive's entries, decoded."""
    unknown = {_raw(info) for info in infos if not info.flag_bits & _UTF8 and not info.orig_filename.isascii()}
    told = {raw: name for info in infos if (raw := _raw(info)) in unknown and (name := _in_extra(info, raw))}
    encoding = likely_encoding(unknown - told.keys())
    names = []
    for info in infos:
        raw = _raw(info)
        name = told.get(raw) or (raw.decode(encoding, "replace") if raw in unknown else info.orig_filename)
        # Some Windows tools write their own separator.
        names.append(name if "/" in name else name.replace("\\", "/"))
    return names


def likely_encoding(names: Iterable[bytes]) -> str:
    """The encoding in which all of `names` are most likely written."""
    together = b"\n".join(sorted(names))
    if not together or _decoded(together, "utf-8") is not None:
        return "utf-8"
    scores = {}
    for encoding in (*_EAST_ASIAN, *_SINGLE_BYTE):
        text = _decoded(together, encoding)
        if text is not None:
            scores[encoding] = _likelihood(text, encoding)
    # The first among equals: the standard's own code page goes before those that only happen to fit.
    best = max(scores.values(), default=0.0)
    return next((encoding for encoding in ("cp437", *scores) if scores.get(encoding) == best), "cp437")


def _raw(info: zipfile.ZipInfo) -> bytes:
    """The bytes that `zipfile` decoded as DOS's code page, which loses nothing."""
    try:
        return info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.orig_filename.encode("utf-8", "surrogateescape")


def _in_extra(info: zipfile.ZipInfo, raw: bytes) -> str | None:
    """The UTF-8 name that Info-ZIP writes beside the other, if it is that name's."""
    extra, position = info.extra, 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        field = extra[position + 4 : position + 4 + length]
        if kind == _UNICODE_PATH and len(field) > 5 and struct.unpack_from("<I", field, 1)[0] == zlib.crc32(raw):
            return _decoded(field[5:], "utf-8")
        position += 4 + length
    return None


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _likelihood(text: str, encoding: str) -> float:
    """How much the characters beyond ASCII look like a name's, from -1 to 1."""
    letters = [letter for letter in text if not letter.isascii()]
    if not letters:
        return 0.0
    scripts = {_script(letter) for letter in letters if letter.isalpha()}
    mixed = 0.3 * max(0, len(scripts - {"CJK"}) - 1)
    return sum(_fits(letter, text, encoding) for letter in letters) / len(letters) - mixed


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split(" ")[0]


def _fits(letter: str, text: str, encoding: str) -> float:
    script = _script(letter)
    if not letter.isalpha():
        if unicodedata.category(letter)[0] in "MP":
            # A raised dot stands in Asian names; quotation marks stand in nobody's.
            return 0.2 if encoding in _EAST_ASIAN else -0.5
        return -1.0
    beside = _neighbours(letter, text)
    among_latin = any(other.isascii() and other.isalpha() for other in beside)
    if script in ("CJK", "HANGUL", "CYRILLIC", "GREEK") and among_latin:
        return -0.3
    if script == "CJK":
        return _common(letter, encoding)
    if script == "HANGUL":
        return 1.0 if letter in _SYLLABLES else 0.45
    if script in ("HIRAGANA", "KATAKANA"):
        return 1.0
    if script == "HALFWIDTH":
        return -0.6
    if script in ("CYRILLIC", "GREEK"):
        place = text.index(letter)
        if letter.isupper() and place and text[place - 1].isalpha():
            return -0.2
        # Two bytes of another encoding are often one rare letter and one common one.
        ascii_letters = sum(other.isascii() and other.isalpha() for other in text)
        return 0.8 if letter.islower() or ascii_letters < len(text) / 2 else 0.3
    if script == "LATIN":
        place = text.index(letter)
        if letter.isupper() and place and text[place - 1].islower():
            return -0.2
        return 0.9 if among_latin and letter.islower() else 0.35
    return -0.5


def _neighbours(letter: str, text: str) -> str:
    place = text.index(letter)
    return text[max(place - 1, 0) : place] + text[place + 1 : place + 2]


def _common(letter: str, encoding: str) -> float:
    """Whether an ideograph is one of the few thousand in daily use where `encoding` is used."""
    if encoding == "gb18030":
        raw = _encoded(letter, "gb2312")
        return 0.95 if raw and 0xB0 <= raw[0] <= 0xD7 else 0.4 if raw else -0.3
    if encoding == "cp932":
        raw = _encoded(letter, "shift_jis")
        return 0.9 if raw and 0x88 <= raw[0] <= 0x97 else 0.3 if raw else -0.3
    if encoding == "big5":
        raw = _encoded(letter, "big5")
        return 0.85 if raw and 0xA4 <= raw[0] <= 0xC6 else 0.2
    return 0.1


def _encoded(letter: str, encoding: str) -> bytes | None:
    try:
        return letter.encode(encoding)
    except UnicodeEncodeError:
        return None
