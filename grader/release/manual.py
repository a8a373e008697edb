"""The documentation, which travels with the grader: in a wheel inside of the package, in a checkout beside it."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import grader
from grader.errors import HarnessError

INDEX = "README"


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
