"""A notebook as code: its cells in order, parsed, with what is not Python taken out.

Runs in the room, before any student code, so that what it says of a notebook cannot be forged. A cell keeps its own
lines: what goes wrong in it is told as "cell 3, line 2". Cells are numbered as Jupyter numbers them after Restart &
Run All: code cells that hold something, from 1. A notebook that `%grade` made of a kernel's history brings its own
numbers, "In [7]".
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

HISTORY = "torchgrade_history"
"""Key in a notebook's metadata: its cells are those that a kernel has run, in that order."""

_LARGE_BYTES = 5_000_000
# Intake leaves the size of what it has taken out.
_TAKEN_OUT = re.compile(rb'":\s*"#(\d{1,12})"')
_MAX_SHOWN = 80
# Cell magics whose body is Python that runs in the notebook's own namespace: the body counts.
_TRANSPARENT = re.compile(r"[ \t]*%%(?:time|capture|prun)\b[^\n]*")
_TIMED_LINE = re.compile(r"^([ \t]*)%time[ \t]+(?=\S)", re.MULTILINE)
_DEFINITION = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w{1,200})", re.MULTILINE)
# Not run either, and not worth a word: they show, measure or configure.
_SILENT_CELLS = {"html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG", "timeit"}
_TOLD_LINES = {"pip", "conda", "mamba", "uv", "run", "load", "loadpy", "sx", "system", "store", "rerun", "macro"}


class UnusableNotebook(Exception):
    """There is nothing in the file that could be graded; the message says why and what to do."""


@dataclass(frozen=True)
class Magic:
    """A shell command, or something else that is not Python and is not run."""

    label: str
    line: int
    text: str


@dataclass(frozen=True)
class Cell:
    """One code cell."""

    label: str
    source: str
    """As the student wrote it; what tracebacks quote."""
    statements: tuple[ast.stmt, ...]
    """Parsed, numbered by the lines of `source`; none where the cell is no Python."""
    binds: dict[str, int]
    """Name -> line of its last definition at the cell's top level."""
    error: SyntaxError | None = None
    magics: tuple[Magic, ...] = ()


@dataclass(frozen=True)
class Notebook:
    """What a notebook holds for grading."""

    cells: tuple[Cell, ...]
    history: bool
    """Whether the cells are a kernel's history, in which repeated definitions are the rule."""
    output_bytes: int
    """What outputs and pictures made up of the file, as far as that is worth a word; else 0."""


def read(content: bytes) -> Notebook:
    """Read a notebook of format 3 or 4. Raises `UnusableNotebook`."""
    document = _document(content)
    history = isinstance(document.get("metadata"), dict) and bool(document["metadata"].get(HISTORY))
    raw_cells = list(_raw_cells(document))
    sources = [(cell, _text(cell.get("source"))) for cell in raw_cells if cell.get("cell_type") == "code"]
    written = [(cell, source) for cell, source in sources if source.strip()]
    if not written:
        raise UnusableNotebook(_why_empty(raw_cells, bool(sources)))
    cells = [
        parse_cell(f"In [{cell.get('execution_count')}]" if history else f"cell {number}", source)
        for number, (cell, source) in enumerate(written, start=1)
    ]
    shown = len(content) - sum(len(_text(cell.get("source"))) for cell in raw_cells)
    shown += sum(map(int, _TAKEN_OUT.findall(content)))
    return Notebook(tuple(cells), history, shown if shown > _LARGE_BYTES else 0)


# -- the file ------------------------------------------------------------------------------------


def _document(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except UnicodeDecodeError as error:
        raise UnusableNotebook(f"the notebook's file is damaged: it is not UTF-8 text ({error.reason})") from None
    except RecursionError:
        raise UnusableNotebook("the notebook's file is damaged: it is nested too deep to be one") from None
    except ValueError as error:
        raise UnusableNotebook(_why_broken(content, error)) from None
    if not isinstance(document, dict) or not ({"cells", "worksheets"} & document.keys()):
        raise UnusableNotebook("the file is JSON, but not a notebook: it has no cells; hand in what Jupyter saves")
    _refuse_other_languages(document)
    return _as_format_4(document)


def _why_broken(content: bytes, error: ValueError) -> str:
    if re.search(rb"^<<<<<<< ", content, re.MULTILINE):
        return (
            "the notebook's file is damaged: it holds the marks of a git merge conflict (<<<<<<<); "
            "choose one of the two versions and save it from Jupyter"
        )
    place = ""
    if isinstance(error, json.JSONDecodeError):
        place = f" (line {error.lineno}, column {error.colno}: {error.msg})"
    return (
        f"the notebook's file is damaged: it is not complete JSON{place}; "
        "open it in Jupyter, save it there, and hand it in again"
    )


def _refuse_other_languages(document: dict[str, Any]) -> None:
    metadata = document.get("metadata")
    if not isinstance(metadata, dict):
        return
    kernel, language = metadata.get("kernelspec"), metadata.get("language_info")
    kernel = kernel if isinstance(kernel, dict) else {}
    language = language if isinstance(language, dict) else {}
    for name in (language.get("name"), kernel.get("language"), metadata.get("language")):
        if isinstance(name, str) and name and not name.lower().startswith(("python", "ipython")):
            shown = kernel.get("display_name")
            with_kernel = f" (its kernel is {shown[:60]})" if isinstance(shown, str) else ""
            raise UnusableNotebook(
                f"the notebook is written in {name[:40]}{with_kernel}; only Python can be graded: "
                "choose a Python kernel and write the answer in Python"
            )


def _as_format_4(document: dict[str, Any]) -> dict[str, Any]:
    """The document in the form of format 4, without outputs: they are large, and nobody needs them here."""
    version = document.get("nbformat", 4)
    if not isinstance(version, int) or not 3 <= version <= 4:
        raise UnusableNotebook(
            f"the notebook is saved in format {str(version)[:20]}; save it in format 4, as Jupyter does"
        )
    for cell in _raw_cells(document):
        cell["outputs"] = []
        cell.pop("attachments", None)
    if version == 4:
        return document
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            node = nbformat.from_dict(document)  # type: ignore[no-untyped-call]
            converted: dict[str, Any] = nbformat.convert(node, 4)  # type: ignore[no-untyped-call]
    except Exception as error:
        raise UnusableNotebook(
            f"the notebook, of the old format 3, cannot be converted to format 4 ({type(error).__name__}: {error}); "
            "save it from Jupyter"
        ) from None
    return converted


def _raw_cells(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All cells, in either format's place for them; what is no cell is passed over."""
    sheets = document.get("worksheets")
    places = [document.get("cells"), *(sheet.get("cells") for sheet in _dicts(sheets))]
    for cells in places:
        yield from _dicts(cells)


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())


def _text(source: Any) -> str:
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source.replace("\r\n", "\n").replace("\r", "\n") if isinstance(source, str) else ""


def _why_empty(cells: list[dict[str, Any]], has_code_cells: bool) -> str:
    if has_code_cells:
        return "the notebook's code cells are all empty; was it saved after the answer was written?"
    lost = any(_DEFINITION.search(_text(cell.get("source"))) for cell in cells)
    kind = "; there is Python in its text cells: change them to code cells" if lost else ""
    return f"the notebook has no code cells{kind}" + ("" if lost else "; write the answer in code cells")


# -- one cell ------------------------------------------------------------------------------------


def parse_cell(label: str, source: str) -> Cell:
    """Take what is not Python out of a cell, with IPython's own transformer, and parse the rest."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = _transformed(source)
            tree = ast.parse(code, filename=label)
    except Exception as error:
        failed = error if isinstance(error, SyntaxError) else SyntaxError(f"{type(error).__name__}: {error}")
        binds = {match[1]: source.count("\n", 0, match.start()) + 1 for match in _DEFINITION.finditer(source)}
        return Cell(label, source, (), binds, failed)
    lines = source.split("\n")
    magics = tuple(Magic(label, line, lines[line - 1].strip()[:_MAX_SHOWN]) for line in _magic_lines(tree))
    return Cell(label, source, tuple(tree.body), bound_names(tree.body), None, magics)


def _transformed(source: str) -> str:
    """Python for a cell, line by line where the cell has it."""
    from IPython.core.inputtransformer2 import TransformerManager

    # The first line that is not blank may be a magic whose body is code: blank it.
    text = source
    while match := _TRANSPARENT.match(text, len(text) - len(text.lstrip())):
        text = text[: match.start()] + text[match.end() :]
    text = _TIMED_LINE.sub(r"\1", text)
    blank = 0
    lines = text.split("\n")
    while blank < len(lines) - 1 and not lines[blank].strip():
        blank += 1
    # The transformer drops blank lines at the top and joins a magic's continued lines: both are put back.
    transformer = TransformerManager()  # type: ignore[no-untyped-call]
    transformed = transformer.transform_cell("\n".join(lines[blank:])).split("\n")
    return "\n" * blank + "\n".join(_realigned(lines[blank:], transformed))


def _realigned(before: list[str], after: list[str]) -> Iterator[str]:
    at = 0
    for line in after:
        yield line
        changed = at < len(before) and line != before[at]
        while changed and at < len(before) - 1 and before[at].endswith("\\"):
            yield ""
            at += 1
        at += 1


def _magic_lines(tree: ast.Module) -> list[int]:
    """Lines of what was not run and might be missed: shell commands, installations, other languages' cells."""
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        shell = node.func.value
        if not (isinstance(shell, ast.Call) and isinstance(shell.func, ast.Name) and shell.func.id == "get_ipython"):
            continue
        first = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
        kind = node.func.attr
        if (
            kind in ("system", "getoutput")
            or (kind == "run_line_magic" and first in _TOLD_LINES)
            or (kind == "run_cell_magic" and first not in _SILENT_CELLS)
        ):
            found.append(node.lineno)
    return sorted(found)


def bound_names(statements: Iterable[ast.stmt]) -> dict[str, int]:
    """Names that statements bind in their own scope, with the line of the last binding."""
    found: dict[str, int] = {}
    pending: list[ast.AST] = list(reversed(list(statements)))
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found[node.name] = node.lineno
            continue
        if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                found[alias.asname or alias.name.split(".")[0]] = node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = node.lineno
        pending += reversed(list(ast.iter_child_nodes(node)))
    return found
