"""CSV files of any dialect, kept so that unchanged cells are written back byte for byte.

Python's `csv` module forgets which cells were quoted, so this module splits the text itself and keeps each
cell's raw form beside its value. Encoding (byte order marks, UTF-16 as Excel's "Unicode text", the Windows
code page), separator and line ends are recognised, and are the same when the table is encoded again.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEPARATORS = ",;\t"
_SEP_LINE = re.compile(r"sep=([,;\t|])\r?\n")
"""Excel's own hint at the separator, understood by nothing else; kept where it stands."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell: its value, and how it stood in the file."""

    value: str
    raw: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written."""

    encoding: str = "utf-8"
    bom: bytes = codecs.BOM_UTF8
    separator: str = ","
    line_end: str = "\r\n"
    preamble: str = ""

    def cell(self, value: str) -> TableCell:
        """`value` as a cell, quoted only where it must be."""
        if any(character in value for character in (self.separator, '"', "\r", "\n")) or value != value.strip():
            return TableCell(value, '"' + value.replace('"', '""') + '"')
        return TableCell(value, value)


@dataclass(frozen=True, slots=True)
class ListTable:
    """Rows of cells, heading first."""

    dialect: Dialect
    rows: tuple[tuple[TableCell, ...], ...]
    ends_with_newline: bool = True

    def values(self) -> list[list[str]]:
        """The cells' values, row by row."""
        return [[cell.value for cell in row] for row in self.rows]

    def encode(self) -> bytes:
        """The table as a file; cells that were not replaced come out as they came in."""
        dialect = self.dialect
        lines = [dialect.separator.join(cell.raw for cell in row) for row in self.rows]
        text = dialect.preamble + dialect.line_end.join(lines) + (dialect.line_end if self.ends_with_newline else "")
        return dialect.bom + text.encode(dialect.encoding)


def read_table(content: bytes) -> ListTable:
    """Split a CSV file of unknown dialect into cells.

    Raises:
        ValueError: if a quotation mark is never closed or the file is not text; the message is a sentence.
    """
    text, encoding, bom = _decode(content)
    preamble, separator = "", ""
    if match := _SEP_LINE.match(text):
        preamble, separator = match[0], match[1]
        text = text[match.end() :]
    separator = separator or _separator(text)
    rows, line_end = _split(text, separator)
    dialect = Dialect(encoding, bom, separator, line_end, preamble)
    return ListTable(dialect, tuple(rows), ends_with_newline=text.endswith(("\n", "\r")))


def _decode(content: bytes) -> tuple[str, str, bytes]:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            try:
                return content[len(bom) :].decode(encoding), encoding, bom
            except UnicodeDecodeError as error:
                raise ValueError(f"it begins like {encoding.upper()} but is not") from error
    if b"\0" in content:
        # UTF-16 without a mark: most characters of a table are ASCII, so every other byte is zero.
        encoding = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
        try:
            return content.decode(encoding), encoding, b""
        except UnicodeDecodeError as error:
            raise ValueError("it is not text") from error
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding, b""
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1", b""


def _separator(text: str) -> str:
    """The candidate that stands equally often in each of the first lines, else most often in the first one."""
    outside = re.sub(r'"[^"]*"?', "", text[:100_000])
    lines = [line for line in re.split(r"[\r\n]+", outside) if line][:10] or [""]
    return max(
        _SEPARATORS,
        key=lambda separator: (
            len({line.count(separator) for line in lines}) == 1 and separator in lines[0],
            lines[0].count(separator),
        ),
    )


def _split(text: str, separator: str) -> tuple[list[tuple[TableCell, ...]], str]:
    """The rows, and how the first of them ends: a quoted cell may hold line ends of another kind."""
    # One token is a cell and what ends it. A quoted cell may be followed by stray characters, which belong to
    # it.
    token = re.compile(
        rf'(?P<cell>"(?P<quoted>(?:[^"]|"")*+)"(?P<stray>[^{re.escape(separator)}\r\n]*)'
        rf'|(?P<plain>(?!")[^{re.escape(separator)}\r\n]*))(?P<end>{re.escape(separator)}|\r\n|\r|\n|\Z)'
    )
    rows: list[tuple[TableCell, ...]] = []
    row: list[TableCell] = []
    line_end = ""
    position = 0
    while position < len(text) or row:
        match = token.match(text, position)
        if match is None:
            raise ValueError(f"line {text.count(chr(10), 0, position) + 1}: a quotation mark is never closed")
        if match["quoted"] is None:
            row.append(TableCell(match["plain"], match["cell"]))
        else:
            row.append(TableCell(match["quoted"].replace('""', '"') + match["stray"], match["cell"]))
        position = match.end()
        if match["end"] != separator:
            rows.append(tuple(row))
            row = []
            line_end = line_end or match["end"]
    return rows, line_end or "\r\n"


def quoted(text: str) -> str:
    """A cell that `unquoted` reads as `text` and nothing else, blanks at its ends included."""
    return json.dumps(text, ensure_ascii=False)


def unquoted(cell: str) -> str:
    """What a cell says: without blanks around it, and without the quotation marks that keep those of a name."""
    plain = cell.strip()
    if len(plain) > 1 and plain[0] == plain[-1] == '"':
        try:
            return str(json.loads(plain))
        except ValueError:
            return plain
    return plain
