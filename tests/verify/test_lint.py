"""Check files that cannot be meant as they are, by file and line, without running them."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.verify.lint import findings
from tests.conftest import ROOT

HEAD = "import pytest\nfrom grader.checking import assert_equal\n\n"

WRONG = {
    "a misspelt name on a path that only a wrong answer takes": (
        "def test_a(submission):\n    answer = submission.f()\n    if answer != 4:\n        pytest.fail(f'{anwser}')\n",
        "line 7: no `anwser` is defined",
    ),
    "a name in a nested function": (
        "def test_a(f):\n    return_it = lambda: missing\n    f(return_it)\n",
        "line 5: no `mis",
    ),
    "a returned comparison": (
        "def test_a(submission):\n    return submission.f(2) == 4\n",
        "line 5: `test_a` returns a",
    ),
    "an async check": (
        "async def test_a(submission):\n    assert submission.f(2) == 4\n",
        "line 4: `test_a` is an asy",
    ),
    "a generator": ("def test_a(submission):\n    yield submission.f(2)\n", "line 5: `test_a` yields"),
    "a skip": ("def test_a(submission):\n    pytest.skip('later')\n", "line 5: `test_a` may be skipped"),
    "an expected failure": (
        "@pytest.mark.xfail\ndef test_a(submission):\n    pass\n",
        "line 4: `test_a` may be skipped",
    ),
    "the same call twice": ("def test_a(f):\n    assert_equal(f(3), f(3))\n", "line 5: `test_a` compares `f(3)` with"),
    "the same call in an assert": (
        "def test_a(f):\n    assert f(3) == f(3)\n",
        "line 5: `test_a` compares `f(3)` with",
    ),
    "an argument that went as a copy": (
        "def test_a(submission):\n    x = [1]\n    submission.f(x)\n    assert_equal(x, [1])\n",
        "line 7: `x` went to the room as a copy",
    ),
    "a unittest class": (
        "import unittest\n\nclass Checks(unittest.TestCase):\n    def test_a(self):\n        pass\n",
        "line 6: `Checks` is a unittest class",
    ),
}

RIGHT = {
    "an argument that lies in the room": (
        "def test_a(submission, library):\n    x = library.put([1])\n    submission.f(x)\n    assert_equal(x, [1])\n"
    ),
    "an argument compared with the answer": (
        "def test_a(submission):\n    x = [1]\n    y = submission.f(x)\n    assert_equal(x, y)\n"
        "    assert_equal(x, submission.f(x))\n"
    ),
    "a name defined further down": "def test_a(f):\n    assert f() == LATER\n\nLATER = 3\n",
    "a global that a function sets": "def test_a(f):\n    global SEEN\n    SEEN = f()\n    assert SEEN\n",
    "a returning helper": "def test_a(f):\n    def four():\n        return 4\n    assert_equal(f(), four())\n",
    "names from a star": "from torch.nn import *\n\ndef test_a(f):\n    assert_equal(f(), Linear)\n",
    "a bare return": "def test_a(f):\n    if f() == 3:\n        return\n    pytest.fail('no')\n",
    "a comprehension, an exception, a class": (
        "def test_a(f):\n    class Own:\n        size = 2\n        twice = size * 2\n    try:\n"
        "        f([x for x in (1, 2)])\n"
        "    except ValueError as error:\n        assert_equal(str(error), str(Own.twice))\n"
    ),
}


def lint(folder: Path, body: str) -> list[str]:
    (folder / "test_it.py").write_text(HEAD + body)
    return findings(folder)


@pytest.mark.parametrize(("body", "says"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_meant_is_told_with_its_line(body: str, says: str, tmp_path: Path) -> None:
    [found] = lint(tmp_path, body)
    assert found.startswith(f"checks/test_it.py, {says}")


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
def test_other_checks_are_left_alone(body: str, tmp_path: Path) -> None:
    assert lint(tmp_path, body) == []


@pytest.mark.parametrize("slug", sorted(path.name for path in (ROOT / "problems").iterdir()))
def test_the_bundled_checks_are_fine(slug: str) -> None:
    assert findings(ROOT / "problems" / slug / "checks") == []
