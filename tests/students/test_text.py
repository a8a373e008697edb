"""Files that are not UTF-8, or not Python: read where nothing is in doubt, else told with a place and one hint."""

from __future__ import annotations

import codecs
import sys

import pytest

from grader.model import Status
from grader.sandbox.loading import syntax
from tests.conftest import ROOT
from tests.notebook.build import cells_of, notebook
from tests.students.conftest import GradeFile

pytestmark = pytest.mark.slow

SOLUTION = (ROOT / "solutions" / "02-conv-bias" / "solution.py").read_text(encoding="utf-8")
ASCII = SOLUTION.encode("ascii", "replace").decode()
SLUG = "02-conv-bias"
HERE = f"Python {sys.version_info.major}.{sys.version_info.minor}"

READ = {
    "a comment in Windows-1252": (f"# Übung\n{ASCII}".encode("cp1252"), "line 1, column 3; it was read as Windows-1252"),
    "quotation marks of Windows": (f"# “Übung” – 2\n{ASCII}".encode("cp1252"), "line 1, column 3"),
    "a text in Latin-1": (f"{ASCII}\nprint('Größe', \"é\")\n".encode("latin-1"), "latin small letter o with diaeresis"),
    "a docstring of several lines": (f"{ASCII}\ndef more():\n    '''\n    Größe\n    '''\n".encode("cp1252"), "Windows-1252"),
    "a text in braces": (f"{ASCII}\nx = 1\nprint(f'Größe {{x}}')\n".encode("cp1252"), "Windows-1252"),
    "Chinese of Windows": (f"# 卷积层\n{ASCII}".encode("gbk"), "not saved as UTF-8"),
    "two encodings": (f"# Übung\n{ASCII}".encode("cp1252") + "# Größe\n".encode(), "line 1, column 3; it"),
    "several lines": (f"# Übung\n# Größe\n{ASCII}".encode("cp1252"), "column 3, and 1 more line"),
    "UTF-16 of Windows": (codecs.BOM_UTF16_LE + ASCII.encode("utf-16-le"), "is saved as UTF-16"),
    "UTF-16 of other machines": (codecs.BOM_UTF16_BE + f"# Übung\n{ASCII}".encode("utf-16-be"), "is saved as UTF-16"),
    "UTF-16 without a mark": (ASCII.encode("utf-16-le"), "is saved as UTF-16"),
    "a mark of UTF-8": (codecs.BOM_UTF8 + f"# Übung\n{ASCII}".encode(), ""),
    "a coding line": (f"# coding: latin-1\n# Übung\n{ASCII}".encode("latin-1"), ""),
    "a coding line that lies": (f"# coding: utf-8\n# Übung\n{ASCII}".encode("latin-1"), "line 2, column 3"),
    "a coding line of no coding": (f"# coding: utf-9\n# Übung\n{ASCII}".encode(), ""),
    "line ends of old Macs": (ASCII.replace("\n", "\r").encode(), ""),
}  # fmt: skip


@pytest.mark.parametrize(("content", "says"), READ.values(), ids=READ)
def test_an_encoding_that_does_no_harm_costs_nothing(content: bytes, says: str, grade_file: GradeFile) -> None:
    found = grade_file(SLUG, "submission.py", content)
    assert found.percent == 100, found.message
    assert len(found.notes) == (1 if says else 0)
    assert says in "".join(found.notes)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_notebook_of_another_encoding_is_read(encoding: str, grade_file: GradeFile) -> None:
    content = notebook(*cells_of(ASCII)).decode().replace("# My answer", "# Übung").encode(encoding)
    found = grade_file(SLUG, "submission.ipynb", content)
    assert found.percent == 100, found.message
    assert any("Please save it as UTF-8" in note for note in found.notes) == (encoding != "utf-8-sig")


REJECTED = {
    "a name in Windows-1252": (
        f"{ASCII}\ngröße = 3\n".encode("cp1252"), "gr", "byte 0xf6 is not UTF-8, and it stands in code; save it as UTF-8 (in VS"),
    "merge marks": (f"<<<<<<< HEAD\n{ASCII}=======\n>>>>>>> b\n", "line 1", "marks of a git merge conflict (<<<<<<<, line 1); ch"),
    "merge marks of three": (f"{ASCII}\nif 1:\n<<<<<<< a\n    x = 1\n||||||| base\n=======\n>>>>>>> b\n", "", "choose one of the two"),
    "a hard space": (f"{ASCII}\nx\u00a0= 1\n", "U+00A0", "type an ordinary space in its place"),
    "a space of no width": (f"{ASCII}\nx = 1\u200b\n", "U+200B ZERO WIDTH SPACE", "delete it"),
    "smart quotes": (f"{ASCII}\nx = “a”\n", "U+201C", '“ (U+201C LEFT DOUBLE QUOTATION MARK) only looks like "; type " in'),
    "a smart apostrophe": (f"{ASCII}\nx = ’a’\n", "U+2019", "only looks like '"),
    "a long dash": (f"{ASCII}\nx = 3 – 2\n", "U+2013", "only looks like -"),
    "a wide bracket": (f"{ASCII}\nprint（3)\n", "U+FF08", "only looks like ("),
    "a wide comma": (f"{ASCII}\nprint(3，4)\n", "U+FF0C", "only looks like ,"),
    "tabs and spaces": (f"{ASCII}\ndef f():\n\tif 1:\n        return 1\n", "TabError", "convert all tabs to four spaces"),
    "an indentation": (f"{ASCII}\nx = 1\n   y = 2\n", "IndentationError", "use four spaces for each level"),
    "marks of Markdown": (f"```python\n{ASCII}\n```\n", "line 1", "``` marks code in Markdown, and is no Python; delete these"),
    "an answer with text around": (f"Here it is:\n```python\n{ASCII}```\nIt works…\n", "", "(``` in line 2); hand in nothing but"),
    "prompts": ("".join(f"{'...' if line[:1].isspace() else '>>>'} {line}\n" for line in ASCII.split("\n")), "line 1", "begin with prompts"),
    "numbers of lines": ("".join(f"{n:3} {line}\n" for n, line in enumerate(ASCII.split("\n"), 1)), "line 1", "begin with numbers"),
    "an end of file of DOS": (f"{ASCII}\x1a", "U+001A", "(U+001A), as copied text may; delete it"),
    "nothing to hint at": (f"{ASCII}\nx = = 3\n", "SyntaxError: invalid syntax", ""),
    "an f-string of 3.12": (f"{ASCII}\nd = {{}}\nprint(f\"{{d[\"a\"]}}\")\n", "", "is written for Python 3.12 or later"),
    "a nested f-string": (f"{ASCII}\nf'{{f'{{1}}'}}'\n", "", "is written for Python 3.12 or later"),
    "a backslash in braces": (f"{ASCII}\nprint(f\"{{'\\n'.join(['a'])}}\")\n", "", "is written for Python 3.12 or later"),
    "a type alias": (f"{ASCII}\ntype Pair = tuple[int, int]\n", "", "is written for Python 3.12 or later"),
    "a generic alias": (f"{ASCII}\nprint(f'{{3}}')\ntype Pair[T] = tuple[T, T]\n", "", "Python 3.12 or later; the grader runs"),
    "a generic function": (f"{ASCII}\ndef first[T](x: list[T]) -> T:\n    return x[0]\n", "", "Python 3.12 or later"),
    "a generic class": (f"{ASCII}\nclass Box[T: (int, str)]:\n    pass\n", "", "is written for Python 3.12 or later"),
    "a generic default": (f"{ASCII}\nclass Box[T = int]:\n    pass\n", "", "is written for Python 3.13 or later"),
    "exceptions without brackets": (f"{ASCII}\ntry:\n    pass\nexcept ValueError, TypeError:\n    pass\n", "", "Python 3.14 or later"),
    "a t-string": (f"{ASCII}\nx = t'{{3}}'\n", "", "is written for Python 3.14 or later"),
    "a lazy import": (f"{ASCII}\nlazy import json\n", "", "is written for Python 3.15 or later"),
}  # fmt: skip
NEWER = sys.version_info >= (3, 12)


@pytest.mark.parametrize(("content", "place", "hint"), REJECTED.values(), ids=REJECTED)
def test_a_file_that_is_no_python_is_rejected_with_one_hint(
    content: str | bytes, place: str, hint: str, grade_file: GradeFile
) -> None:
    if NEWER and "Python 3.1" in hint:
        pytest.skip("this Python reads it")
    found = grade_file(SLUG, "submission.py", content)
    assert found.status is Status.REJECTED
    assert found.message.startswith("submission.py, line ")
    assert not found.message.startswith("submission.py, line 0")
    assert place in found.message
    assert hint in found.message
    assert found.message.count("\n") <= 3
    if not hint:
        assert syntax.hint(str(content), SyntaxError("invalid syntax")) == ""


@pytest.mark.parametrize("kind", ["smart quotes", "tabs and spaces", "a hard space", "a type alias", "merge marks"])
def test_a_cell_gets_the_same_hint_and_costs_only_itself(kind: str, grade_file: GradeFile) -> None:
    content, _, hint = REJECTED[kind]
    if NEWER and "Python 3.1" in hint:
        pytest.skip("this Python reads it")
    broken = str(content).replace(ASCII, "")
    found = grade_file(SLUG, "submission.ipynb", notebook(*cells_of(ASCII), broken))
    assert found.percent == 100
    assert hint in found.notes[0]


def test_the_students_python_is_named_where_the_notebook_tells(grade_file: GradeFile) -> None:
    if NEWER:
        pytest.skip("this Python reads it")
    metadata = {"language_info": {"name": "python", "version": "3.13.2"}}
    found = grade_file(SLUG, "submission.ipynb", notebook(*cells_of(ASCII), "type A = int", metadata=metadata))
    assert f"Python 3.12 or later (yours is 3.13.2); the grader runs {HERE}" in found.notes[0]
