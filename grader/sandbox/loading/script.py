"""A script as code. Files that notebook programs export are scripts, too: each brings its own traces of cells."""

from __future__ import annotations

import ast
import builtins
import json
import re
import symtable
import sys
import types
import warnings
from dataclasses import replace

from grader.sandbox.loading import marimo, source_text
from grader.sandbox.loading.cell import as_script, bound_names, parse
from grader.sandbox.loading.document import Document

_FROM_COLAB = re.compile(r"^# Commented out IPython magic to ensure Python compatibility\.[ \t]*$")
_CELL_MAGIC = re.compile(r"^# (%%\w+)(.*)$")
_COLABS = "Commented out IPython magic"
# The part for the program, IPython's shell, marimo's cells: whether they are run, and in which order, is decided here.
_TO_BE_TAKEN_APART = ("__main__", "get_ipython", "marimo", _COLABS)
_IMPORTED = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)|import[ \t]+([\w., \t]+))", re.MULTILINE)
_BECOMES_A_FILE = ("%%writefile", "%%file")


def read(name: str, content: bytes) -> Document:
    """Read a script. Raises SyntaxError as Python does, `source_text.WrongEncoding`, and whatever the parser raises."""
    source, notes = source_text.decode_script(name, content)
    whole = _as_a_whole(name, source)
    if whole is not None:
        return Document(name, source, lambda: (as_script(parse(name, source)),), whole=whole, notes=notes, script=True)
    python = _uncommented(source) if _COLABS in source else source
    cell = parse(name, python)
    arranged = marimo.arranged(cell.statements)
    if arranged is not None:
        cell = replace(cell, statements=tuple(arranged), binds=bound_names(arranged))
    cells = (as_script(cell),)
    return Document(name, python, lambda: cells, notes=notes, script=True, runs_main=_needs_main(cell.statements))


def _as_a_whole(name: str, source: str) -> types.CodeType | None:
    """The script's code, if it is one that Python compiles and that nothing here has to take apart beforehand."""
    if any(sign in source for sign in _TO_BE_TAKEN_APART) or not all(
        _is_there(one or several) for one, several in _IMPORTED.findall(source)
    ):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return compile(source, name, "exec", dont_inherit=True)
    except SyntaxError:
        return None


def _is_there(imported: str) -> bool:
    """Whether everything that an import statement names seems to be here."""
    roots = (name.split()[0].split(".")[0] for name in imported.split(",") if name.strip())
    return all(root in sys.modules or root in sys.stdlib_module_names for root in roots)


def is_notebook(content: bytes) -> bool:
    """Whether a script's content is a notebook under another name."""
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return False
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and isinstance(document.get("cells"), list)


def is_main_guard(test: ast.expr) -> bool:
    """Whether a condition asks for ``__name__ == "__main__"``, alone or among others."""
    return any(_asks_for_main(node) for node in ast.walk(test))


def _asks_for_main(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq)):
        return False
    sides = (node.left, node.comparators[0])
    names = [side.id for side in sides if isinstance(side, ast.Name)]
    return names == ["__name__"] and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)


class AsMain(ast.NodeTransformer):
    """A condition as it is where the file is the program."""

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        return ast.copy_location(ast.Constant(True), node) if _asks_for_main(node) else node


def _needs_main(statements: tuple[ast.stmt, ...]) -> bool:
    """Whether something outside uses a name that only the part for the program binds.

    Otherwise a script is loaded as Python imports it, without that part: it mostly trains, and nobody waits for it.
    """
    guarded = [node for node in statements if isinstance(node, ast.If) and is_main_guard(node.test)]
    others = [node for node in statements if node not in guarded]
    only_there = bound_names(guarded).keys() - bound_names(others).keys() - vars(builtins).keys()
    return bool(only_there) and bool(only_there & _global_names(ast.unparse(ast.Module(others, type_ignores=[]))))


def _global_names(source: str) -> set[str]:
    """Names of the module's own that the code reads, in functions as outside of them."""
    found: set[str] = set()
    pending = [symtable.symtable(source, "submission", "exec")]
    while pending:
        table = pending.pop()
        outside = table.get_type() == "module"
        found |= {
            name.get_name() for name in table.get_symbols() if name.is_referenced() and (outside or name.is_global())
        }
        pending += table.get_children()
    return found


def _uncommented(source: str) -> str:
    """What Colab commented out for a cell magic, put back: it comments the whole cell out, not only the magic."""
    lines = source.split("\n")
    at = 0
    while at < len(lines) - 1:
        match = _CELL_MAGIC.match(lines[at + 1]) if _FROM_COLAB.match(lines[at]) else None
        at += 1
        if match is None:
            continue
        end = at + 1
        while end < len(lines) and lines[end].startswith("#"):
            end += 1
        body = [line[2:] if line.startswith("# ") else line[1:] for line in lines[at + 1 : end]]
        lines[at:end] = _put_back(match[1], match[2].strip(), body)
        at = end
    return "\n".join(lines)


def _put_back(magic: str, words: str, body: list[str]) -> list[str]:
    written = "\n".join(body)
    if magic in _BECOMES_A_FILE:
        call = f"get_ipython().run_cell_magic({magic[2:]!r}, {words!r}, {written + chr(10)!r})"
        return [call, *[""] * len(body)]
    try:
        ast.parse(written)
    except SyntaxError:
        return [f"# {magic}", *(f"# {line}" for line in body)]
    return ["", *body]
