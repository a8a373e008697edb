"""The bytes of a student's file as text.

UTF-8 is the rule, with or without a byte order mark; UTF-16 is recognised, and a coding line is believed. What is no
UTF-8 is read as Windows-1252, line by line, as most editors that do not write UTF-8 mean it. In comments and texts that
does no harm and costs a sentence; in code such bytes are refused, and the message names the first one's place.
"""

from __future__ import annotations

import codecs
import io
import re
import tokenize
import unicodedata

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)
_HARMLESS = {tokenize.COMMENT, tokenize.STRING} | {
    getattr(tokenize, name) for name in ("FSTRING_MIDDLE", "TSTRING_MIDDLE") if hasattr(tokenize, name)
}
HOW_TO_SAVE = "save it as UTF-8 (in VS Code: click the encoding at the bottom right, then Save with Encoding, UTF-8)"


class WrongEncoding(SyntaxError):
    """Bytes that are no text in the file's encoding stand in its code."""


def decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text, with line ends as Python counts them, and sentences about how it was read."""
    text, notes, _ = _decode(content)
    return text, notes


def decode_script(name: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    """The same for a script. Raises `WrongEncoding` where doubtful bytes stand in its code."""
    text, notes, doubtful = _decode(content)
    if doubtful:
        line, column = _in_code(text, doubtful) or (0, 0)
        if line:
            shown = text.split("\n")[line - 1]
            byte = shown[column - 1].encode("cp1252", "replace")[0]
            raise WrongEncoding(
                f"byte 0x{byte:02x} is not UTF-8, and it stands in code; {HOW_TO_SAVE}", (name, line, column, shown)
            )
    return text, notes


def _decode(content: bytes) -> tuple[str, tuple[str, ...], list[tuple[int, int]]]:
    """Text, notes, and (line, column) of every character that was read from bytes that are not UTF-8."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _marked(content, encoding)
    if b"\0" in content[:4] and len(content) % 2 == 0:
        return _marked(content, "utf-16-le" if content[1:2] == b"\0" else "utf-16-be")
    coding = _coding(content)
    if coding is not None:
        try:
            return _lines(content.decode(coding)), (), []
        except (UnicodeDecodeError, LookupError):
            pass
    try:
        return _lines(content.decode("utf-8")), (), []
    except UnicodeDecodeError:
        return _mixed(content)


def _marked(content: bytes, encoding: str) -> tuple[str, tuple[str, ...], list[tuple[int, int]]]:
    try:
        text = _lines(content.decode(encoding))
    except UnicodeDecodeError:
        return _mixed(content)
    if encoding == "utf-8-sig":
        return text, (), []
    shown = encoding[:6].upper()
    return text, (f"The file is saved as {shown}, which Python does not read; it was read all the same. Please "
                  f"{HOW_TO_SAVE}.",), []  # fmt: skip


def _coding(content: bytes) -> str | None:
    """The encoding that a coding line names, where Python would look for one."""
    for line in content.split(b"\n", 2)[:2]:
        match = _CODING.match(line)
        if match:
            return match[1].decode("ascii")
        if line.strip() and not line.lstrip().startswith(b"#"):
            return None
    return None


def _mixed(content: bytes) -> tuple[str, tuple[str, ...], list[tuple[int, int]]]:
    lines: list[str] = []
    doubtful: list[tuple[int, int]] = []
    for number, line in enumerate(re.split(rb"\r\n|\r|\n", content), start=1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            text = _as_windows(line)
            lines.append(text)
            doubtful += [(number, column) for column, sign in enumerate(text, start=1) if ord(sign) > 127]
    line, column = doubtful[0]
    sign = lines[line - 1][column - 1]
    more = len({place[0] for place in doubtful}) - 1
    also = f", and {more} more {'line' if more == 1 else 'lines'}" if more else ""
    note = (
        f"The file is not saved as UTF-8: line {line}, column {column}{also}; it was read as Windows-1252 "
        f"({unicodedata.name(sign, 'a sign').lower()} there). Please {HOW_TO_SAVE}."
    )
    return "\n".join(lines), (note,), doubtful


def _as_windows(line: bytes) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _in_code(text: str, doubtful: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The first of these places that is neither in a comment nor in a text."""
    left = set(doubtful)
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in _HARMLESS:
                (first, begins), (last, ends) = token.start, token.end
                left = {
                    (line, column)
                    for line, column in left
                    if not (first, begins) < (line, column) <= (last, ends)
                }  # fmt: skip
    except (tokenize.TokenError, SyntaxError):
        pass  # The parser says better what is wrong with it; for a line that was not reached, the byte is named.
    return min(left) if left else None
