"""A notebook as code: its cells in order, parsed.

Runs in the room, before any student code, so that what it says of a notebook cannot be forged. A cell keeps its own
lines: what goes wrong in it is told as "cell 3, line 2". Cells are numbered as Jupyter numbers them after Restart &
Run All: code cells that hold something, from 1. A notebook that `%grade` made of a kernel's history brings its own
numbers, "In [7]".
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from typing import Any

from grader.sandbox.loading import source_text
from grader.sandbox.loading.cell import DEFINITION, parse_cell
from grader.sandbox.loading.document import Document, Unusable

HISTORY = "torchgrade_history"
"""Key in a notebook's metadata: its cells are those that a kernel has run, in that order."""

_LARGE_BYTES = 5_000_000
# Intake leaves the size of what it has taken out.
_TAKEN_OUT = re.compile(rb'":\s*"#(\d{1,12})"')


def read(content: bytes) -> Document:
    """Read a notebook of format 3 or 4. Raises `Unusable`."""
    decoded, notes = source_text.decode(content)
    document = _document(decoded)
    history = isinstance(document.get("metadata"), dict) and bool(document["metadata"].get(HISTORY))
    raw_cells = list(_raw_cells(document))
    sources = [(cell, _text(cell.get("source"))) for cell in raw_cells if cell.get("cell_type") == "code"]
    written = [(cell, source) for cell, source in sources if source.strip()]
    if not written:
        raise Unusable(_why_empty(raw_cells, bool(sources)))
    cells = [
        parse_cell(f"In [{cell.get('execution_count')}]" if history else f"cell {number}", source)
        for number, (cell, source) in enumerate(written, start=1)
    ]
    shown = len(content) - sum(len(_text(cell.get("source"))) for cell in raw_cells)
    shown += sum(map(int, _TAKEN_OUT.findall(content)))
    output_bytes = shown if shown > _LARGE_BYTES else 0
    return Document(
        label="",
        source="",
        parse=lambda: tuple(cells),
        notes=notes,
        history=history,
        output_bytes=output_bytes,
        python=_version(document),
    )


# -- the file ------------------------------------------------------------------------------------


def _document(content: str) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except RecursionError:
        raise Unusable("the notebook's file is damaged: it is nested too deep to be one") from None
    except ValueError as error:
        raise Unusable(_why_broken(content, error)) from None
    if not isinstance(document, dict) or not ({"cells", "worksheets"} & document.keys()):
        raise Unusable("the file is JSON, but not a notebook: it has no cells; hand in what Jupyter saves")
    _refuse_other_languages(document)
    return _as_format_4(document)


def _why_broken(content: str, error: ValueError) -> str:
    if re.search(r"^<<<<<<< ", content, re.MULTILINE):
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
            raise Unusable(
                f"the notebook is written in {name[:40]}{with_kernel}; only Python can be graded: "
                "choose a Python kernel and write the answer in Python"
            )


def _version(document: dict[str, Any]) -> str:
    """The Python that the student's kernel ran, as the notebook says; empty where it does not."""
    language = document.get("metadata", {}).get("language_info") if isinstance(document.get("metadata"), dict) else None
    version = language.get("version") if isinstance(language, dict) else None
    return version[:20] if isinstance(version, str) else ""


def _as_format_4(document: dict[str, Any]) -> dict[str, Any]:
    """The document in the form of format 4, without outputs: they are large, and nobody needs them here."""
    version = document.get("nbformat", 4)
    if not isinstance(version, int) or not 3 <= version <= 4:
        raise Unusable(f"the notebook is saved in format {repr(version)[:20]}; save it in format 4, as Jupyter does")
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
        raise Unusable(
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
    lost = any(DEFINITION.search(_text(cell.get("source"))) for cell in cells)
    kind = "; there is Python in its text cells: change them to code cells" if lost else ""
    return f"the notebook has no code cells{kind}" + ("" if lost else "; write the answer in code cells")
