"""One hint for a syntax error: what most likely stands in the way, and what to do.

Syntax of a newer Python is found out by trying: what is new is written as this Python would have it; if the file is
Python then, that was the reason. The rewritten file is never run.
"""

from __future__ import annotations

import ast
import re
import sys
import unicodedata
import warnings
from collections.abc import Callable

_MERGE = re.compile(r"^(?:<{7}(?: .*)?|={7}|>{7}(?: .*)?|\|{7}(?: .*)?)$", re.MULTILINE)
_MERGE_BEGINS = re.compile(r"^<{7}(?: |$)", re.MULTILINE)
# What keyboards and word processors write where Python wants a sign of ASCII.
_LOOK_ALIKES = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u00b4": "'", "\u2032": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2033": '"',
    "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2010": "-", "\u2011": "-", "\u00d7": "*", "\u22c5": "*",
    "\u00f7": "/", "\u2264": "<=", "\u2265": ">=", "\u2260": "!=", "\u2026": "...", "\u2192": "->",
}  # fmt: skip
_INVISIBLE = ("Cc", "Cf", "Zs")
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def hint(source: str, error: SyntaxError, python: str = "") -> str:
    """A sentence without a full stop, or nothing. `python` is the student's version, where that is known."""
    if _MERGE_BEGINS.search(source):
        line = source.count("\n", 0, _MERGE_BEGINS.search(source).start()) + 1  # type: ignore[union-attr]
        return (
            f"the file holds the marks of a git merge conflict (<<<<<<<, line {line}); choose one of the two versions "
            "and delete the marks"
        )
    copied = _copied(source)
    if copied:
        return copied
    lines = source.split("\n")
    at = error.lineno if isinstance(error.lineno, int) and 0 < error.lineno <= len(lines) else 1
    return (
        _odd_sign(lines[at - 1], error.offset or 0)
        or _indentation(source, error)
        or _newer(source, python)
        or _leftover_magic(lines[at - 1])
    )


# -- what was copied along ------------------------------------------------------------------------

_DEFINES = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*```.*$", re.MULTILINE)
_PROMPT = re.compile(r"^(?:>>>|\.\.\.)(?: |$)|^(?:In \[\d+\]:| {3,}\.{3}:) ?", re.MULTILINE)
_NUMBER = re.compile(r"^[ \t]*\d+[.:|]?(?:[ \t]|$)", re.MULTILINE)


def _copied(source: str) -> str:
    """What stands around the code, or before each of its lines, because it was copied from somewhere."""
    text, *blocks = _FENCE.split(source)
    if text.strip() and len(blocks) > 1 and _DEFINES.search(blocks[0]) and _is_python(blocks[0]):
        line = text.count("\n") + 1
        return f"there is text around the code (``` in line {line}); hand in nothing but the code between the marks"
    for signs, what in ((_PROMPT, "prompts, such as >>>"), (_NUMBER, "numbers")):
        bare = [signs.sub("", line, count=1) for line in source.split("\n")]
        begun = sum(map(bool, map(signs.match, source.split("\n"))))
        if begun > len(bare) / 2 and _is_python("\n".join(bare)):
            return f"{begun} lines begin with {what}, as they were copied; hand in the code without them"
    return ""


# -- single signs --------------------------------------------------------------------------------


def _odd_sign(line: str, offset: int) -> str:
    signs = [sign for sign in line[max(offset - 1, 0) :] + line if not _is_usual(sign) and _is_odd(sign)]
    if not signs:
        return ""
    sign = signs[0]
    name = f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".strip()
    if sign.isspace() or unicodedata.category(sign) in _INVISIBLE:
        what = "delete it" if unicodedata.category(sign) in ("Cc", "Cf") else "type an ordinary space in its place"
        return f"the line holds an invisible sign that is no ordinary space ({name}), as copied text may; {what}"
    plain = _LOOK_ALIKES.get(sign) or unicodedata.normalize("NFKC", sign)
    return f"{sign} ({name}) only looks like {plain}; type {plain} in its place"


def _is_usual(sign: str) -> bool:
    return sign.isascii() and (sign.isprintable() or sign in "\t\f\r")


def _is_odd(sign: str) -> bool:
    if sign in _LOOK_ALIKES or sign.isspace() or unicodedata.category(sign) in _INVISIBLE:
        return True
    plain = unicodedata.normalize("NFKC", sign)
    return plain.isascii() and not plain.isalnum()


def _indentation(source: str, error: SyntaxError) -> str:
    if not isinstance(error, IndentationError):
        return ""
    indents = [line[: len(line) - len(line.lstrip(" \t"))] for line in source.split("\n") if line.strip()]
    if isinstance(error, TabError) or (any("\t" in indent for indent in indents) and any(" " in i for i in indents)):
        return "tabs and spaces are mixed in the indentation; convert all tabs to four spaces in your editor"
    return "the line begins with more or fewer spaces than the lines around it; use four spaces for each level"


def _leftover_magic(line: str) -> str:
    if re.match(r"[ \t]*(?:!|%)", line):
        return "lines that begin with ! or % are for notebooks, and are no Python"
    if re.match(r"[ \t]*```", line):
        return "``` marks code in Markdown, and is no Python; delete these lines and whatever is no code"
    return ""


# -- syntax of a newer Python --------------------------------------------------------------------

_TYPE_ALIAS = re.compile(r"^([ \t]*)type[ \t]+(\w+)[ \t]*(?:\[[^\]\n]*\])?[ \t]*=", re.MULTILINE)
_GENERIC = re.compile(
    r"^([ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+\w+)[ \t]*\[([^\[\]\n]*(?:\[[^\]\n]*\][^\[\]\n]*)*)\]", re.MULTILINE
)
_EXCEPT_SEVERAL = re.compile(r"^([ \t]*except\*?[ \t]+)((?!\()[^\n:()]+,[^\n:]+?)([ \t]*:)", re.MULTILINE)
_LAZY = re.compile(r"^lazy[ \t]+((?:import|from)[ \t])", re.MULTILINE)
_STRING = re.compile(r"""(?<![\w"'])([rRbBuUfFtT]{0,2})('''|\"\"\"|'|")""")


def _newer(source: str, python: str) -> str:
    text = source
    needed: list[tuple[tuple[int, int], int]] = []
    for version, rewrite in _REWRITES:
        if version <= sys.version_info[:2] or _is_python(text):
            continue
        rewritten = rewrite(text)
        if rewritten != text:
            needed.append((version, _first_difference(text, rewritten)))
            text = rewritten
    if not needed or not _is_python(text):
        return ""
    highest = max(version for version, _ in needed)
    line = min(line for version, line in needed if version == highest)
    theirs = f" (yours is {python})" if python else ""
    return (
        f"line {line} is written for Python {highest[0]}.{highest[1]} or later{theirs}; the grader runs Python {HERE}, "
        f"so write it as Python {HERE} reads it"
    )


def _first_difference(before: str, after: str) -> int:
    pairs = zip(before.split("\n"), after.split("\n"), strict=False)
    return next((number for number, (old, new) in enumerate(pairs, start=1) if old != new), 1)


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _without_formatted_texts(source: str, kind: str) -> str:
    """Texts with the prefix `kind` that this Python cannot read as plain ones.

    They are read as Python 3.12 does: the parts in braces are expressions of any kind, with any quotation marks.
    """
    pieces: list[str] = []
    at = 0
    while match := _next_string(source, at):
        start, prefix, quote = match.start(), match[1].lower(), match[2]
        formatted = "f" in prefix or "t" in prefix
        end = _end_of_text(source, match.end(), quote, formatted=formatted)
        pieces.append(source[at:start])
        body = source[start:end]
        if kind in prefix and not _is_python(body):
            # Its lines stay, so that those behind it keep their numbers.
            pieces.append(_blank(body))
        else:
            pieces.append(body)
        at = end
    pieces.append(source[at:])
    return "".join(pieces)


def _blank(body: str) -> str:
    breaks = body.count("\n")
    return '""' if not breaks else '"""' + "\n" * breaks + '"""'


def _next_string(source: str, at: int) -> re.Match[str] | None:
    """The next text behind `at` that does not stand in a comment."""
    while True:
        match = _STRING.search(source, at)
        comment = source.find("#", at)
        if match is None or comment < 0 or comment > match.start():
            return match
        at = source.find("\n", comment)
        if at < 0:
            return None


def _end_of_text(source: str, at: int, quote: str, *, formatted: bool) -> int:
    while at < len(source):
        sign = source[at]
        if source.startswith(quote, at):
            return at + len(quote)
        if sign == "\\" or (formatted and source.startswith(("{{", "}}"), at)):
            at += 2
        elif formatted and sign == "{":
            at = _end_of_braces(source, at + 1)
        elif sign == "\n" and len(quote) == 1:
            return at
        else:
            at += 1
    return at


def _end_of_braces(source: str, at: int) -> int:
    depth = 1
    while at < len(source) and depth:
        match = _STRING.match(source, at)
        if match:
            prefix = match[1].lower()
            at = _end_of_text(source, match.end(), match[2], formatted="f" in prefix or "t" in prefix)
        elif source[at] == "#":
            at = source.find("\n", at)
            if at < 0:
                return len(source)
        else:
            depth += (source[at] in "{[(") - (source[at] in "}])")
            at += 1
    return at


_REWRITES: tuple[tuple[tuple[int, int], Callable[[str], str]], ...] = (
    ((3, 13), lambda text: _GENERIC.sub(lambda match: match[1] if "=" in match[2] else match[0], text)),
    ((3, 12), lambda text: _TYPE_ALIAS.sub(r"\1\2 =", text)),
    ((3, 12), lambda text: _GENERIC.sub(r"\1", text)),
    ((3, 14), lambda text: _EXCEPT_SEVERAL.sub(r"\1(\2)\3", text)),
    ((3, 14), lambda text: _without_formatted_texts(text, "t")),
    ((3, 15), lambda text: _LAZY.sub(r"\1", text)),
    ((3, 12), lambda text: _without_formatted_texts(text, "f")),
)
"""Version -> what it brought, as older ones would have it. f-strings last: every file has some."""
