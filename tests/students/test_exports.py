"""Scripts that notebook programs export, each in that program's own way, with the same answer inside."""

from __future__ import annotations

import json

import pytest

from tests.conftest import ROOT
from tests.notebook.build import cells_of, notebook
from tests.students.conftest import GradeFile

pytestmark = pytest.mark.slow

SOLUTION = (ROOT / "solutions" / "02-conv-bias" / "solution.py").read_text(encoding="utf-8")
HEAD = "import torch\nfrom torch import nn\n"
BUILD, APPLY = (
    next(cell for cell in cells_of(SOLUTION) if f"def {name}" in cell) for name in ("build_conv", "conv_with_bias")
)
REST = "\n".join(cell for cell in cells_of(SOLUTION)[3:] if cell not in (BUILD, APPLY))
FUNCTIONS = f"{REST}\n{BUILD}\n{APPLY}\n"


def indented(text: str, by: str = "    ") -> str:
    return "\n".join(by + line if line.strip() else "" for line in text.split("\n"))


def commented(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.split("\n"))


YAML = "# ---\n# jupyter:\n#   jupytext:\n#     text_representation:\n#       format_name: percent\n# ---\n\n"
SCRIPTS = {
    "jupytext, percent": f"{YAML}# %% [markdown]\n# # Title\n\n# %%\n{HEAD}\n# %%\n# !pip install x\n{FUNCTIONS}",
    "jupytext, light": f"{YAML}# # Title\n\n{HEAD}\n# +\n# %matplotlib inline\n{FUNCTIONS}# -\n",
    "VS Code": f"# %%\n{HEAD}\n# %% [markdown]\n'''\n# Title\n'''\n# %%\n{FUNCTIONS}\n# %%\n%timeit build_conv\n",
    "Colab, a timed cell": f"{HEAD}\n# Commented out IPython magic to ensure Python compatibility.\n# %%time\n"
    f"{commented(FUNCTIONS)}\n\nx = 3\n",
    "Colab, a written file": f"{HEAD}\n# Commented out IPython magic to ensure Python compatibility.\n"
    f"# %%writefile model.py\n{commented(HEAD + FUNCTIONS)}\n\nfrom model import build_conv, conv_with_bias\n",
    "nbconvert, a timed cell": f"{HEAD}get_ipython().run_cell_magic('time', '', {FUNCTIONS!r})\n",
    "nbconvert, a written file": f"get_ipython().run_cell_magic('writefile', 'model.py', {HEAD + FUNCTIONS!r})\n"
    "from model import *\n",
    "Databricks": f"# Databricks notebook source\n# MAGIC %pip install x\n\n# COMMAND ----------\n\n{HEAD}\n"
    f"# COMMAND ----------\n\n{FUNCTIONS}",
    "marimo": "import marimo\n\n__generated_with = '0.9.0'\napp = marimo.App(width='medium')\n\n\n"
    f"@app.cell\ndef _(build_conv):\n{indented(APPLY)}\n    return (conv_with_bias,)\n\n\n"
    f"@app.cell(hide_code=True)\ndef _(nn, torch):\n{indented(REST)}\n{indented(BUILD)}\n    return (build_conv,)\n\n\n"
    f"@app.cell\ndef _():\n{indented(HEAD)}\n    import marimo as mo\n    return mo, nn, torch\n\n\n"
    "@app.cell\ndef _(mo):\n    mo.md('# Title')\n    return\n\n\nif __name__ == '__main__':\n    app.run()\n",
    "marimo, plain functions": "import marimo\napp = marimo.App()\nwith app.setup:\n    import torch\n    from torch import nn\n\n"
    f"{REST}\n@app.function\n{BUILD}\n@app.function\n{APPLY}\n@app.cell\ndef _():\n    build_conv(torch.ones(2, 2), torch.ones(1))\n    return\n",
    "JupyterLite": f"import piplite\nawait piplite.install('x')\n{HEAD}{FUNCTIONS}",
    "a notebook that is called .py": notebook(HEAD, FUNCTIONS).decode(),
    "a main guard that the functions need": f"{HEAD}{FUNCTIONS.replace('return ', 'PAD; return ')}\n"
    "if __name__ == '__main__':\n    PAD = 0\n    print('training')\n",
}  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_an_export_gets_its_marks(script: str, grade_file: GradeFile) -> None:
    found = grade_file("02-conv-bias", "submission.py", script)
    assert found.percent == 100, [found.message, *found.notes]
    assert not any("failed in line" in note or " failed (" in note for note in found.notes)


CELLS = {
    "timed": [HEAD, f"%%time\n{FUNCTIONS}"],
    "timed often": [HEAD, f"%%timeit -n 1 -r 1\n{FUNCTIONS}"],
    "measured": [HEAD, f"\n%%memit\n{FUNCTIONS}"],
    "logged": [HEAD, f"%%wandb\n{FUNCTIONS}"],
    "captured and timed": [HEAD, f"%%capture out\n%%time\n{FUNCTIONS}"],
    "written and run": [f"%%writefile model.py\n{HEAD}{FUNCTIONS}", "%run model.py"],
    "written in two parts": [f"%%writefile model.py\n{HEAD}", f"%%writefile -a model.py\n{FUNCTIONS}", "import model\n"
                             "build_conv, conv_with_bias = model.build_conv, model.conv_with_bias"],
    "loaded": [f"%%file model.py\n{HEAD}{FUNCTIONS}", "%load model.py"],
    "written and not imported": [f"%%writefile model.py\n{HEAD}{FUNCTIONS}", "!python model.py"],
    "below a line that fails": [HEAD, f"open('nowhere')\n{FUNCTIONS}"],
}  # fmt: skip


@pytest.mark.parametrize("cells", CELLS.values(), ids=CELLS)
def test_a_cell_with_a_magic_gets_its_marks(cells: list[str], grade_file: GradeFile) -> None:
    found = grade_file("02-conv-bias", "submission.ipynb", notebook(*cells))
    assert found.percent == 100, [found.message, *found.notes]


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%javascript", "%%R", "%%sql"])
def test_another_languages_cell_is_not_run(magic: str, grade_file: GradeFile) -> None:
    found = grade_file("02-conv-bias", "submission.ipynb", notebook(HEAD, f"{magic}\n{FUNCTIONS}"))
    assert found.score == 0


def test_a_traceback_quotes_a_file_that_the_notebook_wrote(grade_file: GradeFile) -> None:
    broken = f"{HEAD}\ndef build_conv(kernel, bias):\n    return kernel.no_such_thing\n"
    cells = [f"%%writefile model.py\n{broken}", "from model import build_conv", HEAD + APPLY]
    found = grade_file("02-conv-bias", "submission.ipynb", notebook(*cells))
    told = json.dumps([check.traceback for check in found.checks])
    assert 'File \\"model.py\\", line 5, in build_conv' in told
    assert "return kernel.no_such_thing" in told
