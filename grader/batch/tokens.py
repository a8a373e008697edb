"""What a submission looks like with names, comments and layout taken off, for comparing it with others.

The trusted side never parses student source: 100 KB of ``x=-----1`` hangs a parser for minutes. Here the text is cut
into tokens by one regular expression, in time linear in its length, whatever is in it: each alternative takes what it
has begun to take and never gives any of it back.
"""

from __future__ import annotations

import hashlib
import keyword
import re
import unicodedata
import zlib
from array import array
from collections.abc import Iterator, Sequence
from itertools import chain, islice

import msgspec

from grader.model import SourceFile

GRAM = 8
"""Tokens in a row that are compared as one."""
_MAX_TOKENS = 50_000
"""The most tokens of code that are compared: what is no code takes none of them."""
_MAX_GRAMS = 5_000
# In a module, only what a saved notebook leaves there: a line of a module may well begin with a %.
_SHELL_LINE = re.compile(r"^![^\n]*+", re.MULTILINE)
_MAGIC_LINE = re.compile(r"^[ \t]*+[%!?][^\n]*+", re.MULTILINE)

_TOKEN = re.compile(
    r"""
      (?P<blank>    (?: [ \t\f\r] | \\\r?\n )++ )
    | (?P<comment>  \#[^\n]*+ )
    | (?P<line>     \n )
    | (?P<string>   [rRbBuUfFtT]{0,2}+
                    (?: \"\"\" (?: [^"\\] | \\. | "(?!"") )*+ (?:\"\"\")?
                      | '''    (?: [^'\\] | \\. | '(?!'') )*+ (?:''')?
                      | "      (?: [^"\\\n] | \\. )*+ "?
                      | '      (?: [^'\\\n] | \\. )*+ '? ) )
    | (?P<name>     [^\W\d]\w*+ )
    | (?P<number>   \.?\d[\w.]*+ )
    | (?P<mark>     \*\*=? | //=? | >>=? | <<=? | [-+*/%&|^@=<>!:]= | -> | . )
    """,
    re.VERBOSE | re.DOTALL,
)


class CodeShape(msgspec.Struct, frozen=True, array_like=True):
    """A submission as far as comparing goes."""

    text: bytes
    """Digest of the code without layout and comments, names kept."""
    tokens: int
    grams: bytes
    """Eight bytes for each distinct run of `GRAM` normalised tokens, in order of size."""
    unread: str = ""
    """What could not be compared, as a clause; empty where all could."""

    def numbers(self) -> frozenset[int]:
        """The grams as numbers."""
        return frozenset(array("Q", self.grams))


class Token(msgspec.Struct, frozen=True):
    """A piece of code, and where it begins."""

    kind: str
    text: str
    start: int
    length: int
    """As it stands there; `text` is a name as Python takes it."""


class _Cell(msgspec.Struct):
    cell_type: str = ""
    source: str | list[str] | None = None
    input: str | list[str] | None = None
    """What `source` was called in notebooks of 2014."""

    def text(self) -> str:
        return "".join(self.source or self.input or "")


class _Sheet(msgspec.Struct):
    cells: list[msgspec.Raw] = []


class _Notebook(msgspec.Struct):
    cells: list[msgspec.Raw] = []
    worksheets: list[_Sheet] = []
    """Where cells were in notebooks of 2014."""


def shape(main: SourceFile) -> bytes:
    """The encoded `CodeShape` of a submission's main file."""
    return msgspec.msgpack.encode(shape_of(main.name, main.content))


def no_shape(why: str) -> bytes:
    """In place of one that cannot be made."""
    return msgspec.msgpack.encode(CodeShape(b"", 0, b"", why))


def read_shape(encoded: bytes) -> CodeShape:
    """What `shape` encoded."""
    return msgspec.msgpack.decode(encoded, type=CodeShape)


def shape_of(name: str, content: bytes) -> CodeShape:
    """The shape of a module, or of a notebook's code cells; where part of it cannot be read, that is said."""
    sources, unread = code_texts(name, content)
    # Each cell by itself: a quotation mark that one leaves open does not swallow the others.
    found = list(islice(chain.from_iterable(map(tokens, sources)), _MAX_TOKENS))
    plain = "\0".join(token.text for token in found).encode("utf-8", "replace")
    grams = sorted(set(grams_of(normalised(found))))[:_MAX_GRAMS]
    return CodeShape(hashlib.sha256(plain).digest()[:16], len(found), array("Q", grams).tobytes(), unread)


def code_texts(name: str, content: bytes) -> tuple[list[str], str]:
    """Texts of code, one of a module and one a cell of a notebook; and what could not be read."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    if not name.lower().endswith(".ipynb"):
        return [_without(_SHELL_LINE, content.decode("utf-8", "replace"))], ""
    try:
        notebook = msgspec.json.decode(content, type=_Notebook)
    except (msgspec.DecodeError, RecursionError):
        return [], "it is no notebook that can be read"
    texts, odd = [], 0
    for raw in (*notebook.cells, *(raw for sheet in notebook.worksheets for raw in sheet.cells)):
        try:
            cell = msgspec.json.decode(raw, type=_Cell)
        except (msgspec.DecodeError, RecursionError):
            odd += 1
            continue
        if cell.cell_type == "code":
            texts.append(_without(_MAGIC_LINE, cell.text()))
    return texts, f"{odd} of its cells cannot be read" if odd else ""


def _without(line: re.Pattern[str], text: str) -> str:
    """The text with its lines ended as here, and blanks in place of those that no Python reads."""
    return line.sub(lambda match: " " * len(match.group()), text.replace("\r\n", "\n").replace("\r", "\n"))


def tokens(source: str) -> Iterator[Token]:
    """Names, numbers, strings and marks, as they come; no layout, comments or docstrings."""
    begins_line = True
    # A string that begins a line, and is not followed by anything on it, is a remark in disguise.
    remark: Token | None = None
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup or ""
        if kind in ("blank", "comment"):
            continue
        if kind == "line":
            begins_line, remark = True, None
            continue
        if remark is not None:
            yield remark
            remark = None
        text = unicodedata.normalize("NFKC", match.group()) if kind == "name" else match.group()
        token = Token(kind, text, match.start(), match.end() - match.start())
        if kind == "string" and begins_line:
            remark = token
        else:
            yield token
        begins_line = False


def normalised(tokens: Sequence[Token]) -> list[str]:
    """Tokens with the names that a student is free to choose, and strings, all alike.

    Kept are keywords, what follows a dot, and what is called: renaming variables hides nothing.
    """
    texts = [token.text for token in tokens]
    words = []
    for index, token in enumerate(tokens):
        if token.kind == "string":
            words.append("''")
        elif token.kind == "name" and not keyword.iskeyword(token.text):
            called = texts[index + 1 : index + 2] == ["("]
            attribute = index > 0 and texts[index - 1] == "."
            words.append(token.text if called or attribute else "_")
        else:
            words.append(token.text)
    return words


def grams_of(words: Sequence[str]) -> list[int]:
    """The run of `GRAM` words that begins at each place, as a number."""
    codes = b"".join(zlib.crc32(word.encode("utf-8", "replace")).to_bytes(4, "little") for word in words)
    return [
        int.from_bytes(hashlib.blake2b(codes[4 * start : 4 * (start + GRAM)], digest_size=8).digest(), "little")
        for start in range(len(words) - GRAM + 1)
    ]
