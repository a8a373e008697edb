"""The documentation, which travels with the grader: in a wheel inside of the package, in a checkout beside it."""

from __future__ import annotations

import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import grader
from grader.errors import HarnessError

INDEX = "README"
OF_A_KIT = ("command-line", "notebooks", "running")
"""The pages for who grades their own work. The others speak of hidden checks, which no kit does."""


def pages() -> dict[str, Traversable]:
    """The pages by their names, `INDEX` among them. Raises HarnessError."""
    places: tuple[Traversable, ...] = (
        resources.files("grader").joinpath("docs"),
        Path(grader.__file__).parents[1] / "docs",
    )
    for folder in places:
        if folder.joinpath(f"{INDEX}.md").is_file():
            found = (each for each in folder.iterdir() if each.name.endswith(".md"))
            return {each.name.removesuffix(".md"): each for each in sorted(found, key=lambda each: each.name)}
    raise HarnessError("this installation holds no documentation", hint="install it anew")


def pages_of_a_kit() -> dict[str, bytes]:
    """The pages that go into a kit, by their names; its index lists them alone. Raises HarnessError."""
    all_of_them = pages()
    lines = all_of_them[INDEX].read_text(encoding="utf-8").split("\n")
    left_out = [f"]({name}.md)" for name in all_of_them if name not in OF_A_KIT]
    index = "\n".join(line for line in lines if not any(link in line for link in left_out))
    # A heading with nothing below it goes as well.
    index = re.sub(r"^## .*\n+(?=## |\Z)", "", index + "\n", flags=re.MULTILINE)
    return {INDEX: index.strip().encode() + b"\n", **{name: all_of_them[name].read_bytes() for name in OF_A_KIT}}
