"""A problem as a notebook: in step with statement and stub, and valid."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest

from grader.notebook.from_problem import notebook_of, places, sections_of, stub_parts
from grader.problem import open_course
from tests.conftest import ROOT, grade

COURSE = open_course(ROOT)


@pytest.mark.parametrize("slug", COURSE.slugs)
def test_every_problem_is_a_valid_notebook_in_step_with_its_files(slug: str) -> None:
    problem = COURSE.load(slug)
    folder = Path(problem.folder)
    document = nbformat.reads(notebook_of(problem).decode(), as_version=4)
    nbformat.validate(document)
    assert (document.nbformat, document.nbformat_minor) == (4, 5)

    code = {cell.id: cell.source for cell in document.cells if cell.cell_type == "code"}
    assert list(code) == ["set-up", *problem.names, "grade-it"]
    assert code.pop("grade-it") == f"%load_ext grader\n%grade {problem.number}"
    stub = (folder / "stub.py").read_text(encoding="utf-8")
    assert _without_blank_lines("\n".join(code.values())) == _without_blank_lines(stub)

    text = "\n".join(cell.source for cell in document.cells if cell.id.startswith("statement-"))
    statement = (folder / "statement.md").read_text(encoding="utf-8")
    without_pictures = re.sub(r"<svg.*?</svg>", "", statement, flags=re.DOTALL)
    assert _without_blank_lines(re.sub(r"<img [^>]*>", "", text)) == _without_blank_lines(without_pictures)
    assert text.count("<img ") == statement.count("<svg")
    assert "<svg" not in text


@pytest.mark.parametrize("slug", COURSE.slugs)
def test_pictures_are_images_that_stand_alone(slug: str) -> None:
    text = "\n".join(sections_of((ROOT / "problems" / slug / "statement.md").read_text(encoding="utf-8")))
    for image in re.findall(r"<img [^>]*>", text):
        data = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', image)
        assert data is not None
        root = ElementTree.fromstring(base64.b64decode(data[1]))
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        defined = set(re.findall(r"(--[\w-]+):", root[0].text or ""))
        used = set(re.findall(r"var\((--[\w-]+)", base64.b64decode(data[1]).decode()))
        assert used <= defined
        assert re.search(r'alt="[^"]{3,}"', image)


def test_each_part_of_problem_05_stands_below_its_own_section() -> None:
    """Where its first example comes later, a function would stand below the next one's section, too."""
    cells = json.loads(notebook_of(COURSE.load("05-mnist-cnn")))["cells"]
    above: dict[str, str] = {}
    for cell in cells:
        if cell["cell_type"] == "markdown":
            section = "".join(cell["source"]).partition("\n")[0]
        else:
            above[cell["id"]] = section
    assert above["train"] == "## The training loop"
    assert above["predict"] == "## Predictions"


def _without_blank_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


STUBS = {
    "definitions": ("import a\n\n\ndef f():\n    pass\n\n\nclass C:\n    x = 1\n", ["set-up", "f", "C"]),
    "nothing above": ("def f():\n    pass\n", ["f"]),
    "what stands between goes with what is above": ("def f(): ...\n\nSIZE = 3\n\ndef g(): ...\n", ["f", "g"]),
    "a variable that is to be set": (
        "def f(): ...\n\n# The answer.\nDAY = ...  # TODO\nDAY: int = ...\n",
        ["f", "DAY"],
    ),
    "decorators": ("import a\n\n@a.b\n@a.c(\n    1)\ndef f(): ...\n", ["set-up", "f"]),
    "a function called like a cell": ("import a\ndef grade(): ...\n", ["set-up", "grade"]),
}


@pytest.mark.parametrize(("source", "names"), STUBS.values(), ids=STUBS)
def test_a_stub_comes_apart_at_its_definitions(source: str, names: list[str]) -> None:
    parts = stub_parts(source)
    assert [name for name, _ in parts] == names
    assert _without_blank_lines("\n".join(text for _, text in parts)) == _without_blank_lines(source)


def test_a_remark_stays_with_the_function_below_it() -> None:
    parts = stub_parts("import a\n\n# Now the hard part.\n# Take your time.\n@a\ndef f(): ...\n")
    assert parts[1] == ("f", "# Now the hard part.\n# Take your time.\n@a\ndef f(): ...")


def test_a_heading_in_a_code_block_is_none() -> None:
    text = "# One\n\n```python\n# not a heading\n```\n\n### small\n\n## Two\n\n    # nor this\n\n## Three"
    sections = sections_of(text)
    assert [section.splitlines()[0] for section in sections] == ["# One", "## Two", "## Three"]
    assert "### small" in sections[0]


def test_a_picture_that_is_not_xml_stays_what_it_is() -> None:
    broken = '<svg viewBox="0 0 1 1"><path d=x></svg>'
    assert sections_of(f"# One\n\n{broken}\n\nmore") == [f"# One\n\n{broken}\n\nmore"]


PLACES = {
    "after what is told of it": (
        ["set-up", "f", "g"],
        ["# A", "## F\n>>> f(1)", "more", "## G\n>>> g(f(1))"],
        [0, 2, 3],
    ),
    "begun together": (["f", "g"], ["# A", "## Both\n>>> f(1) + g(1)", "more"], [2, 2]),
    "told in another order than the stub's": (["f", "g"], ["# A\n>>> g(1)", "## F\n>>> f(1)", "more"], [2, 2]),
    "called by no example": (["f", "g"], ["# A", "`f`, `g`", "## F\n`f`, `f`", "## G\n`g` and `g`"], [2, 3]),
    "told nowhere": (["set-up", "f", "g"], ["# A", "## B\n>>> g(1)"], [0, 0, 1]),
    "one section": (["set-up", "f"], ["# A"], [0, 0]),
}


@pytest.mark.parametrize(("names", "sections", "after"), PLACES.values(), ids=PLACES)
def test_each_function_stands_where_the_statement_has_told_what_it_needs(
    names: list[str], sections: list[str], after: list[int]
) -> None:
    assert places(names, sections) == after


@pytest.mark.slow
def test_start_writes_the_notebook_once(course: Path) -> None:
    first = grade("start", "02", "--notebook", cwd=course)
    written = course / "problems" / "02-conv-bias" / "submission.ipynb"
    assert first.code == 0
    assert written.read_bytes() == notebook_of(open_course(course).load("02-conv-bias"))
    assert grade("start", "02", "--notebook", cwd=course).code == 2
    assert not written.with_name("submission.py").exists()

    ran = grade("02", "--json", "-", cwd=course)
    assert ran.code == 1
    assert ran.json["submission"].endswith("submission.ipynb")
    assert ran.json["score"] <= 0.1 * ran.json["max_score"]
    assert "NotImplementedError" in json.dumps(ran.json["checks"])
