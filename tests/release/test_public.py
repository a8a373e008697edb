"""Cutting hidden checks out of a file: what stays, to the letter."""

from __future__ import annotations

import pytest

from grader.errors import ProblemFileError
from grader.release.public import CheckFile, written

CASES = [
    pytest.param(
        "def helper(x):\n    return x\n\n\ndef test_p():\n    helper(1)\n\n\ndef test_h():\n    helper(2)\n",
        "def helper(x):\n    return x\n\n\ndef test_p():\n    helper(1)\n",
        id="helper-of-both-stays",
    ),
    pytest.param(
        "A = 1\nB = 2\nC = A + 1\n\n\ndef test_p():\n    return C\n\n\ndef test_h():\n    return B\n",
        "A = 1\n\nC = A + 1\n\n\ndef test_p():\n    return C\n",
        id="constants-by-way-of-others",
    ),
    pytest.param(
        "size = 99\n\n\ndef test_p():\n    size = 3\n    return size\n\n\ndef test_h():\n    return size\n",
        "def test_p():\n    size = 3\n    return size\n",
        id="a-local-name-is-not-the-modules",
    ),
    pytest.param(
        "import os, re\nfrom a import b, c as d, e\nimport x.y\n\n\ndef test_p():\n    re, d, x.y\n\n\n"
        "def test_h():\n    os, b, e\n",
        "import re\nfrom a import c as d\nimport x.y\n\n\ndef test_p():\n    re, d, x.y\n",
        id="imports-alias-by-alias",
    ),
    pytest.param(
        '"""Doc."""\n# one\nA = 1  # two\n# three\n\n\n'
        "@mark\n# four\n@other(A)\ndef test_p():\n    # five\n    return 1  # six\n# seven\n",
        "A = 1\n\n\n@mark\n# four\n@other(A)\ndef test_p():\n    # five\n    return 1\n",
        id="comments-and-docstring",
    ),
    pytest.param(
        "CASES = []\nCASES.append(1)\nHIDDEN = []\nHIDDEN.append(CASES)\nprint('x')\n\n\n"
        "def test_p():\n    return CASES\n",
        "CASES = []\n\nCASES.append(1)\n\n\ndef test_p():\n    return CASES\n",
        id="what-is-done-to-a-constant",
    ),
    pytest.param(
        "def test_p(one):\n    pass\n\n\ndef test_h(two):\n    pass\n\n\n"
        "@pytest.fixture\ndef one(three):\n    pass\n\n\n"
        "@pytest.fixture(name='three')\ndef third():\n    pass\n\n\n@fixture()\ndef two():\n    pass\n\n\n"
        "@pytest.fixture(autouse=True)\ndef always():\n    pass\n",
        "def test_p(one):\n    pass\n\n\n@pytest.fixture\ndef one(three):\n    pass\n\n\n"
        "@pytest.fixture(name='three')\ndef third():\n    pass\n\n\n"
        "@pytest.fixture(autouse=True)\ndef always():\n    pass\n",
        id="fixtures",
    ),
    pytest.param(
        "from __future__ import annotations\nfrom m import *\npytestmark = pytest.mark.idea('i')\n\n\n"
        "class test_p:\n    A = 1\n",
        "from __future__ import annotations\nfrom m import *\n\npytestmark = pytest.mark.idea('i')\n\n\n"
        "class test_p:\n    A = 1\n",
        id="what-is-for-the-whole-file",
    ),
    pytest.param(
        "@pytest.mark.parametrize('x', VALUES)\ndef test_p(x):\n    pass\n\n\nVALUES = [1, 2]; OTHERS = [3]\n",
        "@pytest.mark.parametrize('x', VALUES)\ndef test_p(x):\n    pass\n\n\nVALUES = [1, 2]\n",
        id="parametrisation-and-two-on-a-line",
    ),
    pytest.param(
        "TEXT = '''\ndéf ünd\n  x'''; LATER = 'ß'\n\n\ndef test_p():\n    return TEXT, 'ü', LATER  # é\n",
        "TEXT = '''\ndéf ünd\n  x'''\n\nLATER = 'ß'\n\n\ndef test_p():\n    return TEXT, 'ü', LATER\n",
        id="letters-of-several-bytes",
    ),
    pytest.param("A = 1\n\n\ndef test_h():\n    pass\n", "", id="nothing-public"),
]


@pytest.mark.parametrize(("source", "expected"), CASES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_what_stays(source: str, expected: str, newline: str) -> None:
    file = CheckFile("p/checks/test_a.py", source.replace("\n", newline))
    assert written(file.public({"test_p"}, {"test_h"})) == expected


def test_of_a_conftest_stays_what_is_asked_for() -> None:
    source = "import a, b\n\n\n@pytest.fixture\ndef one():\n    a\n\n\n@pytest.fixture\ndef two():\n    b\n\n\n"
    hook = "def pytest_configure():\n    pass\n"
    kept = CheckFile("p/checks/conftest.py", source + hook).public((), (), {"one", "library"})
    assert written(kept) == "import a\n\n\n@pytest.fixture\ndef one():\n    a\n\n\n" + hook


@pytest.mark.parametrize(
    ("source", "says"),
    [
        pytest.param("def test_p():\n    test_h()\n\n\ndef test_h():\n    pass\n", "uses test_h", id="called"),
        pytest.param("test_p = test_h = make()\n", "line 1: test_p holds public and hidden", id="one-statement"),
    ],
)
def test_what_cannot_be_cut(source: str, says: str) -> None:
    with pytest.raises(ProblemFileError, match=says):
        CheckFile("p/checks/test_a.py", source).public({"test_p"}, {"test_h"})
