"""problem.yaml: every broken rule is one line with file, key, rule and nearest match."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import ProblemFileError
from grader.problem.schema import read_problem_file

GOOD = "title: T\nsummary: S\npoints: 10\n"

BROKEN = [
    pytest.param("titel: T\nsummary: S\npoints: 10\n", ["titel", "unknown key", "did you mean title?"], id="misspelt"),
    pytest.param("title: T\nsummary: S\n", ["points", "required"], id="missing"),
    pytest.param(
        GOOD + "limits:\n  cal_seconds: 3\n", ["limits.cal_seconds", "did you mean call_seconds?"], id="limit"
    ),
    pytest.param(
        GOOD + "limits:\n  call_seconds: soon\n",
        ["limits.call_seconds: must be a number; it is a text"],
        id="limit-of-wrong-type",
    ),
    pytest.param(GOOD + "limits:\n  call_seconds: -1\n", ["limits.call_seconds", "above 0"], id="negative-limit"),
    pytest.param(
        GOOD + "forbidden:\n  f:\n    operator: [x]\n    say: s\n", ["forbidden.f.operator", "operators"], id="rule"
    ),
    pytest.param(GOOD + "forbidden:\n  f:\n    operators: []\n    say: s\n", ["at least one"], id="empty-rule"),
    pytest.param(
        GOOD + "forbidden:\n  f: [{operators: [x], say: s}, {operators: [x], say: s, at_mots: 3}]\n",
        ["forbidden.f, rule 2: at_mots", "at_most"],
        id="second-rule",
    ),
    pytest.param(
        GOOD + "forbidden:\n  f: {operators: [x], say: s}\n"
        "  g: [{operators: [x], say: s}, {operators: [x], say: s, at_most: few}]\n",
        ["forbidden.g, rule 2: at_most: must be a whole number; it is a text"],
        id="budget-of-wrong-type",
    ),
    pytest.param(
        GOOD + "forbidden:\n  f: {operators: [x, 3], say: s}\n",
        ["forbidden.f"],
        id="operator-of-wrong-type",
    ),
    pytest.param(
        GOOD + "manual:\n  why: {title: W, points: 3, rubric: [{points: three, what: names it}]}\n",
        ["manual.why.rubric, line 1: points: must be a number"],
        id="rubric-of-wrong-type",
    ),
    pytest.param(
        GOOD + "files: [a, 3]\n", ["files, entry 2: must be a text; it is a whole number"], id="file-of-wrong-type"
    ),
    pytest.param(
        GOOD + "forbidden:\n  f: {operators: [x], say: s, at_most: -1}\n",
        ["forbidden.f.at_most", "below 0"],
        id="negative-budget",
    ),
    pytest.param(GOOD + "data: minst\n", ["data", "did you mean mnist?"], id="data-set"),
    pytest.param(
        GOOD + "hidden:\n  check: 1\n  points: 1\n", ["hidden.check", "did you mean checks?"], id="hidden-key"
    ),
    pytest.param(GOOD + "hidden:\n  checks: -1\n  points: 1\n", ["hidden.checks", "below 0"], id="hidden-negative"),
    pytest.param("title: ''\nsummary: S\npoints: 10\n", ["title", "empty"], id="empty-title"),
    pytest.param("title: T\nsummary: S\npoints: 0\n", ["points", "above 0"], id="no-points"),
    pytest.param(GOOD + "bonus: -1\n", ["bonus", "below 0"], id="bonus"),
    pytest.param(GOOD + "manual:\n  why: {titel: W, points: 3}\n", ["manual.why.titel", "title"], id="manual-key"),
    pytest.param(GOOD + "manual:\n  Why?: {title: W, points: 3}\n", ["manual.Why?", "name of a part"], id="part-name"),
    pytest.param(GOOD + "manual:\n  why: {title: W, points: 10}\n", ["none is left for checks"], id="all-by-hand"),
    pytest.param(
        GOOD + "manual:\n  why: {title: W, points: 3, rubric: [{points: 2, what: names it}]}\n",
        ["manual.why.rubric", "add up to 2", "cannot be reached"],
        id="rubric-too-small",
    ),
    pytest.param(
        GOOD + "manual:\n  why: {title: W, points: 3, rubric: [{points: 3, waht: names it}]}\n",
        ["manual.why.rubric, line 1: waht", "did you mean what?"],
        id="rubric-key",
    ),
    pytest.param(GOOD + "files: data\n", ["files: must be a list, such as [one, two]; it is a text"], id="no-list"),
    pytest.param(
        GOOD + "forbidden: {f: x}\n",
        ["forbidden.f: must be keys with values, such as {key: value} or a list, such as [one, two]; it is a text"],
        id="neither-rule-nor-list",
    ),
    pytest.param(
        GOOD + "forbidden: {3: {operators: [x], say: s}}\n",
        ["forbidden: a name in it must be a text; it is a whole number; quotes make a text"],
        id="number-for-a-name",
    ),
    pytest.param(GOOD + "data: [mnist]\n", ["data: must be a text; it is a list"], id="list-for-a-text"),
    pytest.param(GOOD + "limits:\n", ["limits: must be keys with values", "it is empty"], id="key-without-value"),
    pytest.param("- a\n- b\n", ["must be a mapping"], id="list"),
    pytest.param("title: [\n", ["line 2", "not YAML"], id="not-yaml"),
]


@pytest.mark.parametrize(("text", "says"), BROKEN)
def test_a_broken_file(text: str, says: list[str], tmp_path: Path) -> None:
    path = tmp_path / "problem.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemFileError) as raised:
        read_problem_file(path)
    assert raised.value.message.startswith(str(path))
    assert "\n" not in raised.value.message
    for words in says:
        assert words in raised.value.message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProblemFileError, match="no such file"):
        read_problem_file(tmp_path / "problem.yaml")
