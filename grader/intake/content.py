"""What the bytes of a submission say without being parsed.

A few kilobytes can hang Python's parser for minutes, and a notebook is a document in a format with its own
surprises; both are opened in the room only. Out here it is enough to know which functions a file seems to
define and which other files it mentions, so the bytes are searched with patterns that take linear time, and a
wrong guess does no harm.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from itertools import islice

from grader.intake.files import Refused

CODE = frozenset({".py", ".ipynb"})
ARCHIVES = frozenset({".zip"})
OTHER_ARCHIVES = frozenset({".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".txz", ".xz"})

_NAME = rb"([A-Za-z_][A-Za-z0-9_]{0,99})"
_DEFINED = rb"(?:(?:async[ \t]+)?(?:def|class)[ \t]+" + _NAME + rb"|" + _NAME + rb"[ \t]*=)"
# A line end before a first one is faster to look for than the beginning of a line.
_IN_MODULE = re.compile(rb"\n" + _DEFINED)
# In a notebook a line of source begins a JSON string, or follows an escaped newline in one.
_IN_NOTEBOOK = re.compile(rb'(?:"|\\n)' + _DEFINED)
_IMPORT_IN_MODULE = re.compile(rb"\n[ \t]*(?:from|import)[ \t]([^\n]{1,500})")
_IMPORT_IN_NOTEBOOK = re.compile(rb'(?:"|\\n)[ \t]*(?:from|import)[ \t]([^"\\\n]{1,500})')
_WORD = re.compile(rb"[A-Za-z0-9_]+")
_NO_TEXT = re.compile("[\\x00-\\x08\\x0e-\\x1f\\x7f\\ufffd]")
# In a large notebook of nothing but definitions, or imports, so many are looked at. Lines of output may look like
# either, so there is room for many more than anyone writes.
_MOST_DEFINITIONS, _MOST_IMPORTS = 500_000, 20_000


@lru_cache(maxsize=65_536)
def suffix(name: str) -> str:
    """The name's last suffix with its dot, in lower case."""
    stem, dot, last = name.rpartition(".")
    return f".{last.lower()}" if dot and stem else ""


def stem(name: str) -> str:
    """The name without its last suffix."""
    return name[: len(name) - len(suffix(name))]


def check_code(name: str, content: bytes) -> None:
    """Refuse what cannot be Python or a notebook whatever the room makes of it.

    Raises:
        Refused: for an empty file, and for bytes that are no text in an encoding Python reads.
    """
    if not content.strip(b"\xef\xbb\xbf \t\r\n\f\0"):
        raise Refused("is empty")
    content = in_ascii(content)
    if b"\0" in content:
        raise Refused("is not text but a binary file")
    if suffix(name) == ".ipynb" and not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        raise Refused("is not a notebook: it does not begin like one")


def in_ascii(content: bytes) -> bytes:
    """The content with what is ASCII in it as such: UTF-16, which editors of Windows write, is made UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in content[:2] and len(content) % 2 == 0:
        encoding = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    else:
        return content
    text = content.decode(encoding, "replace")
    # Any bytes of an even number are some characters in UTF-16; a text has no control characters.
    return content if _NO_TEXT.search(text) else text.encode("utf-8")


def defined_names(name: str, content: bytes) -> frozenset[str]:
    """Names that the file seems to define at the top level, by a def, a class or an assignment."""
    content = in_ascii(content)
    if suffix(name) == ".ipynb":
        found = _IN_NOTEBOOK.finditer(content)
    else:
        found = _IN_MODULE.finditer(b"\n" + content.removeprefix(b"\xef\xbb\xbf").replace(b"\r", b"\n"))
    names = {match[1] or match[2] for match in islice(found, _MOST_DEFINITIONS)}
    return frozenset(name.decode("ascii") for name in names)


class Mentions:
    """Which other files a source may need: what it imports, and what it calls by name."""

    def __init__(self, name: str, content: bytes) -> None:
        self._name = name
        self._content = in_ascii(content)

    @property
    def size(self) -> int:
        """Bytes of the source."""
        return len(self._content)

    @cached_property
    def _imported(self) -> frozenset[bytes]:
        pattern = _IMPORT_IN_NOTEBOOK if suffix(self._name) == ".ipynb" else _IMPORT_IN_MODULE
        lines = islice(pattern.finditer(b"\n" + self._content.replace(b"\r", b"\n")), _MOST_IMPORTS)
        return frozenset(word for line in lines for word in _WORD.findall(line[1]))

    def include(self, path: tuple[str, ...]) -> bool:
        """Whether the file at `path`, relative to the source's folder, is imported or named."""
        if suffix(path[-1]) == ".py":
            modules = (*path[:-1], path[-1][:-3])
            # A file called 02.py cannot be imported by a statement.
            if any(module.isidentifier() and module.encode() in self._imported for module in modules):
                return True
        return path[-1].encode("utf-8", "replace") in self._content
