"""A misconception with a parameter stands for one wrong answer a value."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import ProblemFileError
from grader.problem import variants


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / "misconceptions" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def value_in(path: Path) -> object:
    names: dict[str, object] = {}
    exec(variants.source(path), names)
    return names["f"]()  # type: ignore[operator]


def test_each_value_is_a_wrong_answer_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, "plain.py", "def f():\n    return 0\n")
    write(tmp_path, "size.py", "VALUES = (32, (1, 2), 'no end')\nVALUE = VALUES[0]\ndef f():\n    return VALUE")
    paths = list(variants.paths(tmp_path))
    assert [path.stem for path in paths] == ["plain", "size", "size@1", "size@2"]
    assert [value_in(path) for path in paths] == [0, 32, (1, 2), "no end"]
    assert {variants.misconception_of(path.stem) for path in paths} == {"plain", "size"}


@pytest.mark.parametrize("values", ["(1,)", "[1, 2]", "range(3)", "()"])
def test_values_that_are_no_tuple_of_literals_are_refused(values: str, tmp_path: Path) -> None:
    write(tmp_path, "size.py", f'"""Title"""\n\nVALUES = {values}\n')
    with pytest.raises(ProblemFileError, match=r"size\.py, line 3: VALUES must be a tuple"):
        list(variants.paths(tmp_path))
