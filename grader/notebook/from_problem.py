"""A problem as a notebook, made from its statement and stub: it always agrees with them.

One cell for each section of the statement; between them, where the statement has told what it needs, one for each
function of the stub, and for each variable that is to be set; one for each part that a person grades; and a last one
that grades. Pictures become images, because notebooks show no inline SVG.
"""

from __future__ import annotations

import ast
import base64
import json
import re
from collections.abc import Sequence
from importlib import resources
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from grader.model import ManualPart, Problem
from grader.problem.load import read_statement

_GRADE = "Run the cells above, then this one. It grades your functions as they are now and shows the report below."
SET_UP = "set-up"
"""The part of a stub above its first definition."""
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SVG = re.compile(r"<svg\b.*</svg>", re.DOTALL)
_COLOUR = re.compile(r"(--[\w-]+):\s*(#[0-9a-f]+);")
_NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'


def notebook_of(problem: Problem) -> bytes:
    """The notebook that a student starts from, in nbformat 4.5."""
    statement = read_statement(problem)
    sections = sections_of(statement) if statement is not None else [f"# {problem.title}"]
    parts = stub_parts((Path(problem.folder) / "stub.py").read_text(encoding="utf-8"))
    after = places([name for name, _ in parts], sections)
    cells = []
    for number, section in enumerate(sections):
        cells.append(_markdown(f"statement-{number + 1}", section))
        cells += [_code(*part) for part, place in zip(parts, after, strict=True) if place == number]
    cells += [_markdown(id, _to_write(part)) for id, part in problem.manual.items()]
    cells.append(_markdown("how-to-grade", _GRADE))
    cells.append(_code("grade-it", f"%load_ext grader\n%grade {problem.number}"))
    document = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def text_cells(problem: Problem) -> tuple[str, ...]:
    """The text cells of the notebook that a student starts from."""
    cells = json.loads(notebook_of(problem))["cells"]
    return tuple("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def _to_write(part: ManualPart) -> str:
    points = f"{part.points:g} {'point' if part.points == 1 else 'points'}"
    return f"## {part.title}\n\n*{points}, graded by a person. Write below, in this cell or in more of them.*\n"


def places(names: Sequence[str], sections: Sequence[str]) -> list[int]:
    """After which section each of a stub's parts stands, in the stub's order: put together they stay the stub.

    A function stands at the end of what is told of it: before the section where the next one begins. What stands
    above all functions comes after the first section.
    """
    begins = list(accumulate((0 if name == SET_UP else _begins(name, sections) for name in names), max))
    ends = [len(sections) - 1] * len(names)
    for at in range(len(names) - 2, -1, -1):
        # Two that begin together stand together.
        ends[at] = begins[at + 1] - 1 if begins[at] < begins[at + 1] else ends[at + 1]
    return [0 if name == SET_UP else end for name, end in zip(names, ends, strict=True)]


def _begins(name: str, sections: Sequence[str]) -> int:
    """The section that begins to tell of a function: where an example first calls it, else where its name is most."""
    called = re.compile(rf"^(?:>>>|\.\.\.) .*\b{re.escape(name)}\(", re.MULTILINE)
    first = next((number for number, section in enumerate(sections) if called.search(section)), None)
    if first is not None:
        return first
    mentions = [len(re.findall(rf"`{re.escape(name)}\b", section)) for section in sections]
    return mentions.index(max(mentions))


def _markdown(name: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(name: str, text: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": re.sub(r"[^A-Za-z0-9_-]", "-", name)[:64],
        "metadata": {},
        "outputs": [],
        "source": text.splitlines(keepends=True),
    }


# -- the stub ------------------------------------------------------------------------------------


def stub_parts(source: str) -> list[tuple[str, str]]:
    """(cell id, code) of a stub: what stands above its first definition, then each definition and what follows it. A
    variable after a definition that is `...` until a student gives it a value is a part as well.

    Put together again, with the blank lines between them, they are the stub.
    """
    lines = source.splitlines()
    starts: dict[int, str] = {}
    for node in ast.parse(source).body:
        if isinstance(node, _DEFINITIONS):
            starts[_first_line(node, lines)] = node.name
        elif starts and isinstance(node, (ast.Assign, ast.AnnAssign)) and _is_unwritten(node.value):
            name = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
            if name not in starts.values():
                starts[_first_line(node, lines)] = name
    bounds = [0, *starts, len(lines)]
    texts = ["\n".join(lines[begin:end]).strip("\n") for begin, end in pairwise(bounds)]
    return [(name, text) for name, text in zip([SET_UP, *starts.values()], texts, strict=True) if text.strip()]


def _is_unwritten(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is ...


def _first_line(node: ast.stmt, lines: list[str]) -> int:
    """Index of a statement's first line, with its decorators and the remarks right above it."""
    decorators = node.decorator_list if isinstance(node, _DEFINITIONS) else []
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1
    while first > 0 and lines[first - 1].startswith("#"):
        first -= 1
    return first


# -- the statement -------------------------------------------------------------------------------


def sections_of(markdown: str) -> list[str]:
    """The statement cut before each heading of the first two levels, its SVG pictures as images."""
    from markdown_it import MarkdownIt

    lines = markdown.splitlines()
    cuts = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.map is None or token.level > 0:
            continue
        if token.type == "heading_open" and token.tag in ("h1", "h2"):
            cuts.append(token.map[0])
        elif token.type == "html_block" and (picture := _SVG.search(token.content)):
            begin, end = token.map
            # The picture's lines stay as empty ones until all tokens, which count lines, are dealt with.
            before, after = token.content[: picture.start()], token.content[picture.end() :]
            lines[begin:end] = [before + _image(picture[0]) + after, *[""] * (end - begin - 1)]
    bounds = sorted({0, *cuts, len(lines)})
    texts = ["\n".join(lines[begin:end]).strip() for begin, end in pairwise(bounds)]
    return [re.sub(r"\n{3,}", "\n\n", text) for text in texts if text]


def _image(svg: str) -> str:
    """An SVG of the statement as an image, with the page's light colours: it is dark on light in any theme."""
    if "xmlns=" not in svg.split(">", 1)[0]:
        svg = svg.replace("<svg", f"<svg {_NAMESPACE}", 1)
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError:
        return svg  # It is good enough for a web page; as an image it would be broken.
    colours = dict(_COLOUR.findall(_light_theme()))
    style = "".join(f"{name}:{value};" for name, value in colours.items())
    inside = f"<style>svg{{color:{colours['--ink']};{style}}}</style>"
    paper = f'<rect width="100%" height="100%" fill="{colours["--paper"]}" stroke="none"/>'
    box = (root.get("viewBox") or "").split()
    if len(box) == 4:
        paper = paper.replace("<rect", f'<rect x="{box[0]}" y="{box[1]}"')
    opening, rest = svg.split(">", 1)
    data = base64.b64encode(f"{opening}>{inside}{paper}{rest}".encode()).decode()
    title = root.find("{http://www.w3.org/2000/svg}title")
    said = root.get("aria-label") or (title.text if title is not None else None) or "picture"
    alt = " ".join(said.split()).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    width = f' width="{root.get("width")}"' if root.get("width") else ""
    return f'<img alt="{alt}"{width} src="data:image/svg+xml;base64,{data}">'


def _light_theme() -> str:
    look = resources.files("grader.templates").joinpath("report", "look.css").read_text("utf-8")
    return look[look.index(":root {") : look.index("}")]
