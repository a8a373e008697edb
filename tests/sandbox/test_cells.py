"""Cells run one by one: what a failing one costs, and what is said of it. Here without walls, in this process."""

from __future__ import annotations

import json
import linecache
import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest

from grader.sandbox import cells, quiet
from grader.sandbox.notebook import HISTORY, UnusableNotebook, read
from tests.notebook.build import notebook


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """The stand-ins are made for a process that ends soon; this one goes on."""
    import builtins

    before, finders = dict(vars(builtins)), list(sys.meta_path)
    yield
    sys.meta_path[:] = finders
    for name in set(vars(builtins)) - set(before):
        delattr(builtins, name)
    builtins.input = before["input"]
    for name in [name for name in sys.modules if name.split(".")[0] in ("matplotlib", "tqdm", "google", "seaborn")]:
        del sys.modules[name]


def run(*code: str, asked: tuple[str, ...] = (), seconds: float = 10.0) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the room would tell of these cells, and their namespace."""
    document = read(notebook(*code))
    module = types.ModuleType("submission")
    quiet.install(module.__dict__)
    quiet.install_for_notebook()
    for cell in document.cells:
        linecache.cache[cell.label] = (0, None, cell.source.splitlines(keepends=True), cell.label)
    return cells.load(document, module, asked, seconds), module.__dict__


def failed(*code: str, **options: Any) -> dict[str, str]:
    sentences: dict[str, str] = run(*code, **options)[0]["failed_cells"]
    return sentences


FAILURES = {
    "an exception": (["a = 1\nb = 1 / 0"], "cell 1 failed in line 2 (`b = 1 / 0`): ZeroDivisionError: division"),
    "in a function of another cell": (
        ["def f(x):\n    return 1 / x", "y = 2\nf(0)"],
        "cell 2 failed in line 2 (`f(0)`): ZeroDivisionError: division by zero",
    ),
    "no Python": (["x = = 3"], "cell 1 was not run, because of line 1 (`x = = 3`): SyntaxError: invalid syntax"),
    "found by the compiler": (
        ["a = 1\nreturn a"],
        "cell 1 failed in line 2 (`return a`): SyntaxError: 'return' outside function (cell 1, line 2)",
    ),
    "out of order": (
        ["y = helper(3)", "z = 1", "def helper(x):\n    return x"],
        "cell 1 failed in line 1 (`y = helper(3)`): `helper` is only defined further down, in cell 3. From top to "
        "bottom that fails, in whatever order the cells were run before; Restart & Run All shows it",
    ),
    "out of order, deeper": (
        ["def f():\n    return CONSTANT", "f()", "CONSTANT = 1"],
        "cell 2 failed in line 1 (`f()`): `CONSTANT` is only defined further down, in cell 3.",
    ),
    "nobody's name": (["y = help_(3)"], "cell 1 failed in line 1 (`y = help_(3)`): NameError: name 'help_'"),
    "an exit": (["import sys\nsys.exit(1)"], "cell 1 failed in line 2 (`sys.exit(1)`): SystemExit: 1"),
    "quit": (["quit()"], "cell 1 failed in line 1 (`quit()`): SystemExit"),
    "a message that cannot be read": (
        ["class E(Exception):\n    def __str__(self): raise E\nraise E"],
        "cell 1 failed in line 3 (`raise E`): E",
    ),
    "a missing library": (
        ["import no_such_library\nx = 1"],
        "cell 1 failed in line 1 (`import no_such_library`): ModuleNotFoundError: No module named 'no_such_library'; "
        "the rest of the cell was run",
    ),
    "recursion": (["def f(): f()\nf()"], "cell 1 failed in line 2 (`f()`): RecursionError"),
}  # fmt: skip


@pytest.mark.parametrize(("code", "says"), FAILURES.values(), ids=FAILURES)
def test_what_is_said_of_a_failed_cell(code: list[str], says: str) -> None:
    told = failed(*code)
    assert len(told) == 1
    assert next(iter(told.values())).startswith(says)


def test_a_failed_cell_takes_nothing_else_down() -> None:
    told, namespace = run("def f():\n    return 1", "x = = 3", "1 / 0\ndef g(): ...", "def h():\n    return f() + 1")
    assert set(told["failed_cells"]) == {"cell 2", "cell 3"}
    assert namespace["h"]() == 2
    assert "g" not in namespace


def test_an_import_that_fails_does_not_stop_its_cell() -> None:
    _, namespace = run("import no_such_library\nfrom math import no_such_name\nimport math")
    assert namespace["math"].floor(1.5) == 1


LOST = {
    "the function itself": (["1 / 0\ndef f(): ..."], {"f": "cell 1"}),
    "a helper": (["1 / 0\ndef helper(): ...", "def f():\n    return helper()"], {"f": "cell 1"}),
    "a helper's constant": (
        ["x = = 1\ndef g(): ...", "def h():\n    return [g() for _ in 'ab']", "def f():\n    return h()"],
        {"f": "cell 1"},
    ),
    "an import": (["import no_such_library as lib", "def f():\n    return lib.x()"], {"f": "cell 1"}),
    "a method's": (["1 / 0\nSIZE = 3", "class f:\n    def g(self):\n        return SIZE"], {"f": "cell 1"}),
    "nothing": (["1 / 0\nunused = 1", "def f():\n    return 1"], {}),
    "defined after all": (["1 / 0\nSIZE = 1", "SIZE = 2", "def f():\n    return SIZE"], {}),
    "an attribute of that name": (["1 / 0\nother = 1", "def f(x):\n    return x"], {}),
}


@pytest.mark.parametrize(("code", "lost"), LOST.values(), ids=LOST)
def test_which_functions_miss_something_of_a_failed_cell(code: list[str], lost: dict[str, str]) -> None:
    told, _ = run(*code, "def also_asked(): ...", asked=("f", "also_asked"))
    assert told["lost"] == lost


def test_where_nothing_that_is_asked_for_is_left_the_notebook_is_rejected() -> None:
    with pytest.raises(UnusableNotebook, match=r"(?s)no cell that works defines f or g:\ncell 2 was not run.*= = 3"):
        run("x = 1", "y = = 3\ndef f(): ...", asked=("f", "g"))


def test_without_a_failed_cell_a_missing_function_is_a_matter_of_the_checks() -> None:
    assert run("x = 1", asked=("f",))[0]["lost"] == {}


def test_the_last_definition_counts_and_that_is_said() -> None:
    told, namespace = run("def f():\n    return 1", "x = 1", "# better\ndef f():\n    return 2", asked=("f", "x"))
    assert namespace["f"]() == 2
    assert told["notes"] == [
        "f is defined more than once (cell 1, line 1 and cell 3, line 2); the last one counts, as in Jupyter."
    ]


def test_where_the_last_definition_fails_the_one_before_counts() -> None:
    told, namespace = run("def f():\n    return 1", "1 / 0\ndef f():\n    return 2", asked=("f",))
    assert namespace["f"]() == 1
    assert told["notes"][-1] == "Since cell 2 failed, the f of cell 1 counts."


def test_shell_commands_are_told_together() -> None:
    told, _ = run("!pip install einops", "%%bash\nrm -rf /", "x = 1")
    assert told["notes"] == [
        "Shell commands and their like are not run here, and nothing is installed: "
        "cell 1, line 1 (!pip install einops); cell 2, line 1 (%%bash)."
    ]
    assert told["failed_cells"] == {}


def test_of_a_kernels_history_only_other_files_are_told() -> None:
    code = ["!pip install einops", "%run other.py", "def f(): ...", "def f(): ..."]
    cells_run = [{"cell_type": "code", "execution_count": n, "source": text} for n, text in enumerate(code, start=1)]
    document = {"cells": cells_run, "metadata": {HISTORY: True}, "nbformat": 4, "nbformat_minor": 5}
    told = cells.load(read(json.dumps(document).encode()), types.ModuleType("submission"), ["f"], 10.0)
    assert [note.split(": ")[1] for note in told["notes"]] == ["In [2], line 1 (%run other.py)."]


def test_a_cell_that_never_ends_leaves_time_for_those_after_it() -> None:
    told, namespace = run("while True: pass", "import time\ntime.sleep(60)", "def f():\n    return 1", seconds=1.0)
    assert namespace["f"]() == 1
    assert set(told["failed_cells"]) == {"cell 1", "cell 2"}
    assert "in line 2 (`time.sleep(60)`): a training run, or a loop that never ends" in told["failed_cells"]["cell 2"]


def test_a_loop_cannot_swallow_the_end_of_its_time() -> None:
    endless = "while True:\n    try:\n        while True: pass\n    except Exception: pass"
    assert "was stopped after" in failed(endless, seconds=0.5)["cell 1"]


def test_when_the_time_is_used_up_cells_are_not_run() -> None:
    told = failed(*["while True: pass"] * 6, "def f(): ...", seconds=0.4)
    assert told["cell 7"] == "cell 7 was not run: the cells before it had used up the time for loading"


HARMLESS = {
    "await": "import asyncio\nx = await asyncio.sleep(0.01, 7)\nassert x == 7",
    "await of several": "import asyncio\nr = await asyncio.gather(asyncio.sleep(0.01, 1), asyncio.to_thread(lambda: 2))"
    "\nassert r == [1, 2]",
    "async for and with": "async def g():\n    yield 1\nasync for i in g(): pass\nassert i == 1",
    "get_ipython": "s = get_ipython()\ns.run_line_magic('matplotlib', 'inline')\ns.ast_node_interactivity = 'all'\n"
    "s.events.register('pre_run_cell', print)\nassert s.getoutput('ls') == []",
    "IPython's own": "from IPython import get_ipython\nget_ipython().system('ls')\n"
    "from IPython.display import display, clear_output, HTML\ndisplay(HTML('<b>hi</b>'))\nclear_output()",
    "Colab": "try:\n    import google.colab\n    from google.colab import drive\n    drive.mount('/content/drive')\n"
    "except ImportError:\n    raise\nassert 'google.colab' not in str(get_ipython())",
    "input": "name = input('Your name? ')\nassert name == ''",
    "display": "display(1, 'two')",
    "the main guard": "if __name__ == '__main__':\n    1 / 0",
    "plots": "import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\nimport numpy as np\n"
    "plt.figure(figsize=(3, 3))\nplt.plot([1, 2], label='loss')\nplt.legend()\nplt.show()\n"
    "fig, ax = plt.subplots()\nax.imshow(np.eye(3))\nax.set_title('x')\n"
    "fig, (left, right) = plt.subplots(1, 2)\nfig, axes = plt.subplots(2, 3)\naxes[1, 2].axis('off')\n"
    "for a in axes.flat: a.set_xticks([])\nline, = plt.plot([1])\nplt.close('all')",
    "progress bars": "from tqdm.auto import tqdm, trange\nbar = tqdm([1, 2, 3], desc='x')\nfound = []\n"
    "for i in bar:\n    found.append(i)\n    bar.set_postfix(loss=1)\nassert found == [1, 2, 3]\n"
    "assert list(trange(2)) == [0, 1]\nassert len(tqdm([1, 2])) == 2",
    "widgets": "import ipywidgets as widgets\n@widgets.interact(x=(0, 1))\ndef f(x):\n    return x\nassert f(2) == 2",
    "the future": "from __future__ import annotations\ndef f(x: NoSuchType): ...",
}  # fmt: skip


@pytest.mark.parametrize("code", HARMLESS.values(), ids=HARMLESS)
def test_what_belongs_before_a_screen_does_no_harm(code: str) -> None:
    assert failed(code) == {}


def test_a_future_import_holds_for_the_cells_after_it() -> None:
    assert failed("from __future__ import annotations", "def f(x: NoSuchType): ...") == {}
    assert "NoSuchType" in failed("def f(x: NoSuchType): ...")["cell 1"]


def test_a_class_of_a_cell_shows_its_source() -> None:
    _, namespace = run("import inspect\ndef f():\n    return 1\nsource = inspect.getsource(f)")
    assert namespace["source"] == "def f():\n    return 1\n"
