"""Files run statement by statement: what a failing one costs, and what is said of it. Here without walls."""

from __future__ import annotations

import json
import os
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from grader.sandbox.loading.document import Unusable
from grader.sandbox.loading.load import Loader
from grader.sandbox.loading.notebook import HISTORY
from grader.sandbox.operations import Load
from grader.sandbox.replies import ModuleClaim
from grader.sandbox.standins import absent
from tests.notebook.build import notebook


@pytest.fixture(autouse=True)
def _as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Loading is made for a process that ends soon; this one goes on."""
    import builtins

    monkeypatch.chdir(tmp_path)
    before, modules = dict(vars(builtins)), dict(sys.modules)
    finders, argv, path, environment = list(sys.meta_path), list(sys.argv), list(sys.path), dict(os.environ)
    compiler, method = torch.compile, torch.nn.Module.compile
    yield
    for name in set(vars(builtins)) - set(before):
        delattr(builtins, name)
    vars(builtins).update(before)
    for name in set(sys.modules) - set(modules):
        if isinstance(sys.modules[name], absent.AbsentModule) or name in ("submission", "model", "helper"):
            del sys.modules[name]
    sys.meta_path[:], sys.argv[:], sys.path[:] = finders, argv, path
    os.environ.clear()
    os.environ.update(environment)
    torch.compile, torch.nn.Module.compile = compiler, method  # type: ignore[method-assign]


def load(
    name: str, content: bytes, asked: tuple[str, ...] = (), seconds: float = 10.0
) -> tuple[ModuleClaim, dict[str, Any]]:
    """What the room would tell of this file, and its namespace."""
    module = types.ModuleType("submission")
    absent._State.loading = True
    told = Loader(module, {}, os.getcwd()).load(Load(name, content, [], list(asked), seconds, [], [], {}, []))
    return told, vars(module)


def run(*code: str, asked: tuple[str, ...] = (), seconds: float = 10.0) -> tuple[ModuleClaim, dict[str, Any]]:
    """The same of a notebook with these cells."""
    return load("work.ipynb", notebook(*code), asked, seconds)


def failed(*code: str, **options: Any) -> dict[str, str]:
    sentences: dict[str, str] = run(*code, **options)[0]["failures"]
    return sentences


FAILURES = {
    "an exception": (["a = 1\nb = 1 / 0"], "cell 1 failed in line 2 (`b = 1 / 0`): ZeroDivisionError: division"),
    "in a function of another cell": (
        ["def f(x):\n    return 1 / x", "y = 2\nf(0)"],
        "cell 2 failed in line 2 (`f(0)`): ZeroDivisionError: division by zero",
    ),
    "a long line": ([f"1 / 0  # {'x' * 100}"], f"cell 1 failed in line 1 (`1 / 0  # {'x' * 70}…`): ZeroDivisionError"),
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
    "an exit": (
        ["import sys\nsys.exit(1)"],
        "cell 1 ends the program in line 2 (`sys.exit(1)`); what stands below was run all the same",
    ),
    "quit": (["quit()"], "cell 1 ends the program in line 1 (`quit()`)"),
    "an exit without farewell": (["import os\nos._exit(0)"], "cell 1 ends the program in line 2 (`os._exit(0)`)"),
    "a message that cannot be read": (
        ["class E(Exception):\n    def __str__(self): raise E\nraise E"],
        "cell 1 failed in line 3 (`raise E`): E",
    ),
    "a name that a library lacks": (
        ["from math import no_such_name\nx = 1"],
        "cell 1 failed in line 1 (`from math import no_such_name`): ImportError: cannot import name 'no_such_name'",
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
    assert set(told["failures"]) == {"cell 2, line 1", "cell 3, line 1"}
    assert namespace["h"]() == 2
    assert "g" in namespace, "what stands below a line that failed is run all the same"


def test_an_import_that_fails_does_not_stop_its_cell() -> None:
    _, namespace = run("import no_such_library\nfrom math import no_such_name\nimport math")
    assert namespace["math"].floor(1.5) == 1


LOST = {
    "the function itself": (["\ndef f(x=1 / 0): ..."], {"f": "cell 1, line 2"}),
    "a helper": (["def helper(x=1 / 0): ...", "def f():\n    return helper()"], {"f": "cell 1, line 1"}),
    "a helper's constant": (
        ["x = = 1\ndef g(): ...", "def h():\n    return [g() for _ in 'ab']", "def f():\n    return h()"],
        {"f": "cell 1, line 1"},
    ),
    "an import": (["from math import lib", "def f():\n    return lib.x()"], {"f": "cell 1, line 1"}),
    "a method's": (["SIZE = 1 / 0", "class f:\n    def g(self):\n        return SIZE"], {"f": "cell 1, line 1"}),
    "a base": (["class B(1 / 0): ...", "class f(B): ..."], {"f": "cell 1, line 1"}),
    "nothing": (["unused = 1 / 0", "def f():\n    return 1"], {}),
    "defined after all": (["SIZE = 1 / 0", "SIZE = 2", "def f():\n    return SIZE"], {}),
    "an attribute of that name": (["other = 1 / 0", "def f(x):\n    return x"], {}),
}


@pytest.mark.parametrize(("code", "lost"), LOST.values(), ids=LOST)
def test_which_functions_miss_something_of_a_failed_cell(code: list[str], lost: dict[str, str]) -> None:
    told, _ = run(*code, "def also_asked(): ...", asked=("f", "also_asked"))
    assert told["lost"] == lost


def test_where_nothing_that_is_asked_for_is_left_the_notebook_is_rejected() -> None:
    with pytest.raises(Unusable, match=r"(?s)no cell that works defines f or g:\ncell 2 was not run.*= = 3"):
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
    told, namespace = run("def f():\n    return 1", "x = 1\ndef f(a=1 / 0):\n    return 2", asked=("f",))
    assert namespace["f"]() == 1
    assert told["notes"][-1] == "Since cell 2, line 2 failed, the f of cell 1 counts."


def test_shell_commands_are_told_together() -> None:
    told, _ = run("!pip install einops", "%%bash\nrm -rf /", "x = 1")
    assert told["notes"] == [
        "Shell commands and their like are not run here, and nothing is installed: "
        "cell 1, line 1 (!pip install einops); cell 2, line 1 (%%bash)."
    ]
    assert told["failures"] == {}


def test_of_a_kernels_history_only_other_files_are_told() -> None:
    code = ["!pip install einops", "%run other.py", "def f(): ...", "def f(): ..."]
    cells_run = [{"cell_type": "code", "execution_count": n, "source": text} for n, text in enumerate(code, start=1)]
    document = {"cells": cells_run, "metadata": {HISTORY: True}, "nbformat": 4, "nbformat_minor": 5}
    told, _ = load("history.ipynb", json.dumps(document).encode(), ("f",))
    assert [note.split(": ")[1] for note in told["notes"]] == ["In [2], line 1 (%run other.py)."]


def test_a_cell_that_never_ends_leaves_time_for_those_after_it() -> None:
    told, namespace = run("while True: pass", "import time\ntime.sleep(60)", "def f():\n    return 1", seconds=1.0)
    assert namespace["f"]() == 1
    assert set(told["failures"]) == {"cell 1, line 1", "cell 2, line 2"}
    assert "in line 2 (`time.sleep(60)`): a training run, or a loop that" in told["failures"]["cell 2, line 2"]


def test_a_loop_cannot_swallow_the_end_of_its_time() -> None:
    endless = "while True:\n    try:\n        while True: pass\n    except Exception: pass"
    assert "was stopped after" in next(iter(failed(endless, seconds=0.5).values()))


SWALLOWING = {
    "sleeping": "import time\nfor i in range(10**9):\n    try:\n        time.sleep(0.1)\n    except:\n        print(i)",
    "working": "while True:\n    try:\n        sum(range(1000))\n        sum(range(999))\n"
    "    except BaseException: pass",
    "asking": "while True:\n    try:\n        n = int(input('n? '))\n        break\n"
    "    except:\n        print('a number, please')",
    "in a function": "import time\ndef wait():\n    while True:\n        try:\n            time.sleep(0.03)\n"
    "            time.sleep(0.03)\n        except:\n            pass\nwait()",
}


@pytest.mark.parametrize("code", SWALLOWING.values(), ids=SWALLOWING)
def test_a_loop_that_catches_everything_ends_all_the_same(code: str) -> None:
    told, namespace = run(code, "def f():\n    return 1", seconds=1.0)
    assert namespace["f"]() == 1
    assert "was stopped after" in next(iter(told["failures"].values()))
    assert sys.gettrace() is None


def test_when_the_time_is_used_up_cells_are_not_run() -> None:
    told, namespace = run(*["while True: pass"] * 6, "x = 1\ndef f(): ...", seconds=0.4)
    says = "cell 7 was not run in line 1 (`x = 1`): what stands above had used up the time for loading"
    assert told["failures"]["cell 7, line 1"] == says
    assert "f" in namespace, "definitions take no time"


HARMLESS = {
    "await": "import asyncio\nx = await asyncio.sleep(0.01, 7)\nassert x == 7",
    "await of several": "import asyncio\nr = await asyncio.gather(asyncio.sleep(0.01, 1), asyncio.to_thread(lambda: 2))"
    "\nassert r == [1, 2]",
    "async for and with": "async def g():\n    yield 1\nasync for i in g(): pass\nassert i == 1",
    "get_ipython": "s = get_ipython()\ns.run_line_magic('matplotlib', 'inline')\ns.ast_node_interactivity = 'all'\n"
    "s.events.register('pre_run_cell', print)\nassert s.getoutput('ls') == []",
    "IPython's own": "from IPython import get_ipython\nget_ipython().system('ls')\n"
    "from IPython.display import display, clear_output, HTML\ndisplay(HTML('<b>hi</b>'))\nclear_output()",
    "Colab": "from google.colab import drive\ndrive.mount('/content/drive')\n"
    "assert 'google.colab' not in str(get_ipython())",
    "Colab, if it is there": "try:\n    import google.colab\n    COLAB = True\nexcept ImportError:\n    COLAB = False\n"
    "assert not COLAB",
    "input": "name = input('Your name? ')\nassert name == ''",
    "display": "display(1, 'two')",
    "the main guard": "if __name__ == '__main__':\n    ran = True\nassert ran",
    "plots": "import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\nimport numpy as np\n"
    "plt.figure(figsize=(3, 3))\nplt.plot([1, 2], label='loss')\nplt.legend()\nplt.show()\n"
    "fig, ax = plt.subplots()\nax.imshow(np.eye(3))\nax.set_title('x')\n"
    "fig, (left, right) = plt.subplots(1, 2)\nfig, axes = plt.subplots(2, 3)\naxes[1, 2].axis('off')\n"
    "for a in axes.flat: a.set_xticks([])\nline, = plt.plot([1])\nplt.close('all')\nlo, hi = plt.xlim()",
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
    told, namespace = run("def f(x: NoSuchType):\n    return x")
    assert "name 'NoSuchType' is not defined; f counts without that annotation" in told["failures"]["cell 1, line 1"]
    assert namespace["f"](1) == 1


def test_a_class_of_a_cell_shows_its_source() -> None:
    _, namespace = run("import inspect\ndef f():\n    return 1\nsource = inspect.getsource(f)")
    assert namespace["source"] == "def f():\n    return 1\n"
