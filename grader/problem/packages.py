"""Packages that students may use besides numpy and torch: `requirements:` as for pip, and `preload:`, their modules."""

from __future__ import annotations

import functools
import importlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from grader.errors import HarnessError
from grader.model import Problem

if TYPE_CHECKING:
    from packaging.requirements import Requirement


class Package(NamedTuple):
    """A requirement, and what is installed of it here."""

    requirement: str
    installed: str
    """Its version; empty where it is not installed."""
    fits: bool
    """Whether that is what is required, and a room finds it; or whether nothing is required of this machine."""
    editable: bool = False
    """Whether only a link to a source folder is installed, which no room can see."""

    def said(self) -> str:
        """What is installed, for whoever has to mend it."""
        if self.editable:
            return f"{self.installed} is installed in editable mode, and a room sees no source folder"
        return f"{self.installed} is installed" if self.installed else "not installed"


def broken_requirement(requirements: Iterable[str]) -> str | None:
    """The rule that is broken by the first requirement which pip would not understand."""
    for text in requirements:
        try:
            _parsed(text)
        except ValueError as error:
            reason = str(error).splitlines()[0]
            return f"{text!r} is no requirement such as einops or einops>=0.8: {reason}"
    return None


def broken_module(modules: Iterable[str]) -> str | None:
    """The rule that is broken by the first name which cannot be a module's."""
    wrong = [name for name in modules if not all(part.isidentifier() for part in name.split("."))]
    return f"{wrong[0]!r} is no module such as einops or einops.layers.torch" if wrong else None


def look_up(requirements: Iterable[str]) -> list[Package]:
    """Each requirement with what is installed of it."""
    return [_looked_up(text) for text in requirements]


def importable(requirements: Iterable[str]) -> list[str]:
    """The modules that these requirements let students import, as they are installed here."""
    return sorted({module for text in requirements for module in _modules(_parsed(text).name)})


def demand(problem: Problem) -> None:
    """Have all here that the problem promises to students. Raises HarnessError, which says what to install."""
    lacking = [package for package in look_up(problem.requirements) if not package.fits]
    if lacking:
        first = lacking[0]
        found = f"; {first.said()}" if first.installed else ""
        raise HarnessError(
            f"{problem.slug} needs {first.requirement}, which is not installed where it is graded{found}",
            hint=f"python -m pip install {' '.join(quoted(package.requirement) for package in lacking)}",
        )
    for module in problem.preload:
        # This imports it: a zygote or a room that fails over it could not say so as well.
        try:
            importlib.import_module(module)
        except Exception as error:
            raise HarnessError(
                f"{problem.slug} preloads {module}, which cannot be imported where it is graded: "
                f"{type(error).__name__}: {error}",
                hint="install its package, name that under requirements:, or take the module out of preload:",
            ) from None


def quoted(requirement: str) -> str:
    """A requirement as a shell takes it."""
    import shlex

    return shlex.quote(requirement)


def _parsed(text: str) -> Requirement:
    # Imported here: few courses have any requirement, and every command reads its course.
    from packaging.requirements import Requirement

    return Requirement(text)


def _looked_up(text: str) -> Package:
    from importlib import metadata  # It brings all of `email`; most commands look up no package.

    required = _parsed(text)
    try:
        installed = metadata.version(required.name)
    except metadata.PackageNotFoundError:
        installed = ""
    if required.marker is not None and not required.marker.evaluate():
        return Package(text, installed, fits=True)
    editable = _is_editable(required.name)
    fits = bool(installed) and not editable and required.specifier.contains(installed, prereleases=True)
    return Package(text, installed, fits, editable)


def _is_editable(name: str) -> bool:
    """Whether pip says so (PEP 610)."""
    from importlib import metadata  # It brings all of `email`; most commands look up no package.

    try:
        origin = json.loads(metadata.distribution(name).read_text("direct_url.json") or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        return False
    return bool(origin.get("dir_info", {}).get("editable"))


@functools.cache
def _modules(name: str) -> set[str]:
    """The modules that a distribution installs at the top, without those that it keeps for itself."""
    from importlib import metadata  # It brings all of `email`; most commands look up no package.

    try:
        files = metadata.files(name) or []
    except metadata.PackageNotFoundError:
        return set()
    code = [path for path in files if path.suffix in (".py", ".so", ".pyd") and ".." not in path.parts]
    tops = {path.parts[0].partition(".")[0] for path in code}
    return {top for top in tops if top.isidentifier() and not top.startswith("_")}
