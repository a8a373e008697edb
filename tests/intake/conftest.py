"""A small course, and ways to lay out a class's submissions on disk and in archives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from grader.intake.collect import collect
from grader.intake.model import Intake
from grader.model import Limits, Problem

Tree = Mapping[str, bytes | str]


def problem(slug: str, title: str, *names: str) -> Problem:
    return Problem(slug, "", None, title, "", 10.0, Limits(), {}, names, None, "v1")


COURSE = (
    problem("01-maxpool", "Max pooling", "pool_output_size", "max_pool2d", "pool_lecture_image"),
    problem("02-conv-bias", "Convolution with a bias", "build_conv", "conv_with_bias"),
    problem("03-functional-vs-module", "Function or module", "to_nchw", "conv_functional", "conv_module"),
    problem("05-mnist-cnn", "A digit classifier", "CNNClassifier", "make_loader", "train", "predict", "evaluate"),
)
BY_NUMBER = {p.number: p for p in COURSE}


def code(number: str, remark: str = "") -> str:
    """A module that defines what problem `number` asks for."""
    names = BY_NUMBER[number].names
    return f"# {remark}\n" + "".join(
        f"class {name}:\n    pass\n\n" if name[0].isupper() else f"def {name}(*args):\n    return None\n\n"
        for name in names
    )


def notebook(*numbers: str) -> str:
    """A notebook with one cell per problem, as Jupyter writes it."""
    cells = [
        '{"cell_type": "code", "metadata": {}, "outputs": [], "source": ['
        + ", ".join(f'"def {name}(*args):\\n", "    return None\\n"' for name in BY_NUMBER[number].names)
        + "]}"
        for number in numbers
    ]
    return '{"cells": [' + ", ".join(cells) + '], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def write_tree(root: Path, tree: Tree) -> Path:
    """Write files below `root`; a name that ends in a slash is an empty folder."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in tree.items():
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def zipped(tree: Tree) -> bytes:
    """The tree as a zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in tree.items():
            archive.writestr(name, content)
    return file.getvalue()


def answers(intake: Intake) -> list[tuple[str, str, str]]:
    """(student, problem number, path) of every answer."""
    return [(work.student, work.problem[:2], work.submission.path) for work in intake.work]


def said(intake: Intake) -> list[tuple[str, str]]:
    """(path, kind) of every notice."""
    return [(notice.path, str(notice.kind)) for notice in intake.notices]


def reasons(intake: Intake) -> dict[str, str]:
    """path -> reason; of several, the last."""
    return {notice.path: notice.reason for notice in intake.notices}


@pytest.fixture(params=["folder", "zip"])
def gather(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Tree], Intake]:
    """`collect` over a tree, once as a folder and once as an archive: what comes out is the same."""

    def run(tree: Tree) -> Intake:
        if request.param == "folder":
            return collect(write_tree(tmp_path / "class", tree), COURSE)
        (tmp_path / "class.zip").write_bytes(zipped(tree))
        return collect(tmp_path / "class.zip", COURSE)

    return run
