"""What a submission looks like with names, comments and layout taken off, for comparing it with others.

The trusted side never parses student source: 100 KB of ``x=-----1`` hangs a parser for minutes. Here the text is cut
into tokens by one regular expression, in time linear in its length, whatever is in it: each alternative takes what it
has begun to take and never gives any of it back.
"""

from __future__ import annotations

import hashlib
import keyword
import re
import zlib
from array import array
from collections.abc import Sequence

import msgspec

from grader.model import Submission

GRAM = 8
"""Tokens in a row that are compared as one."""
_MAX_CHARACTERS = 100_000
_MAX_GRAMS = 5_000

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


class Shape(msgspec.Struct, frozen=True, array_like=True):
    """A submission as far as comparing goes."""

    text: bytes
    """Digest of the code without layout and comments, names kept."""
    tokens: int
    grams: bytes
    """Eight bytes for each distinct run of `GRAM` normalised tokens, in order of size."""

    def numbers(self) -> frozenset[int]:
        """The grams as numbers."""
        return frozenset(array("Q", self.grams))


class _Token(msgspec.Struct, frozen=True):
    kind: str
    text: str


class _Cell(msgspec.Struct):
    cell_type: str = ""
    source: str | list[str] = ""


class _Notebook(msgspec.Struct):
    cells: list[_Cell] = []


def shape(submission: Submission) -> bytes:
    """The encoded `Shape` of a submission's main file."""
    return msgspec.msgpack.encode(shape_of(submission.main.name, submission.main.content))


def read_shape(encoded: bytes) -> Shape:
    """What `shape` encoded."""
    return msgspec.msgpack.decode(encoded, type=Shape)


def shape_of(name: str, content: bytes) -> Shape:
    """The shape of a module, or of a notebook's code cells; of nothing where it is neither."""
    tokens = _tokens(_source(name, content))
    plain = "\0".join(token.text for token in tokens).encode("utf-8", "replace")
    grams = sorted(_grams(_normalised(tokens)))[:_MAX_GRAMS]
    return Shape(hashlib.sha256(plain).digest()[:16], len(tokens), array("Q", grams).tobytes())


def _source(name: str, content: bytes) -> str:
    if name.lower().endswith(".ipynb"):
        try:
            cells = msgspec.json.decode(content, type=_Notebook).cells
        except (msgspec.DecodeError, RecursionError):
            return ""
        text = "\n".join("".join(cell.source) for cell in cells if cell.cell_type == "code")
    else:
        text = content[: 4 * _MAX_CHARACTERS].decode("utf-8", "replace")
    return text[:_MAX_CHARACTERS]


def _tokens(source: str) -> list[_Token]:
    """Names, numbers, strings and marks; no layout, comments or docstrings."""
    found: list[_Token] = []
    begins_line = True
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup or ""
        if kind in ("blank", "comment"):
            continue
        if kind == "line":
            if begins_line and found and found[-1].kind == "docstring":
                found.pop()
            begins_line = True
            continue
        if kind == "string":
            # A string that begins a line, and is not followed by anything on it, is a remark in disguise.
            found.append(_Token("docstring" if begins_line else "string", match.group()))
            continue
        if found and found[-1].kind == "docstring":
            found[-1] = _Token("string", found[-1].text)
        found.append(_Token(kind, match.group()))
        begins_line = False
    return found


def _normalised(tokens: Sequence[_Token]) -> list[str]:
    """Tokens with the names that a student is free to choose, and strings, all alike.

    Kept are keywords, what follows a dot, and what is called: renaming variables hides nothing.
    """
    texts = [token.text for token in tokens]
    words = []
    for index, token in enumerate(tokens):
        if token.kind in ("string", "docstring"):
            words.append("''")
        elif token.kind == "name" and not keyword.iskeyword(token.text):
            called = texts[index + 1 : index + 2] == ["("]
            attribute = index > 0 and texts[index - 1] == "."
            words.append(token.text if called or attribute else "_")
        else:
            words.append(token.text)
    return words


def _grams(words: Sequence[str]) -> set[int]:
    codes = b"".join(zlib.crc32(word.encode("utf-8", "replace")).to_bytes(4, "little") for word in words)
    return {
        int.from_bytes(hashlib.blake2b(codes[4 * start : 4 * (start + GRAM)], digest_size=8).digest(), "little")
        for start in range(len(words) - GRAM + 1)
    }
