"""The grader itself as a wheel, made of the package that is running: a kit can then be installed by itself.

A wheel is a zip with a record of its contents (Binary distribution format, packaging.python.org). It is written here
and not by a build tool, which may be missing where the grader was installed from a wheel, and would date the files.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
from importlib import resources
from importlib.resources.abc import Traversable

from grader.errors import HarnessError
from grader.release import manual
from grader.release.bundle import Bundle
from grader.sources import is_a_cache

_DISTRIBUTION = "torchgrade"
_WHEEL = "Wheel-Version: 1.0\nGenerator: torchgrade\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel() -> tuple[str, Bundle]:
    """The wheel's file name, and its contents. Raises HarnessError where the grader runs without being installed."""
    try:
        distribution = importlib.metadata.distribution(_DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        raise HarnessError(
            f"the grader runs without being installed as {_DISTRIBUTION}", hint="install it: pip install -e ."
        ) from None
    bundle = Bundle()
    _add(bundle, "grader", resources.files("grader"))
    _add(bundle, "grader/templates", resources.files("grader.templates"))
    for name, content in manual.pages_of_a_kit().items():
        bundle.add(f"grader/docs/{name}.md", content)
    about = f"{_DISTRIBUTION}-{distribution.version}.dist-info"
    # Headers alone: what follows them is the README.
    bundle.add(f"{about}/METADATA", _metadata(distribution).split("\n\n", 1)[0] + "\n")
    bundle.add(f"{about}/WHEEL", _WHEEL)
    bundle.add(f"{about}/entry_points.txt", distribution.read_text("entry_points.txt") or "")
    record = [f"{path},sha256={_digest(content)},{len(content)}" for path, content in sorted(bundle.files.items())]
    bundle.add(f"{about}/RECORD", "\n".join([*record, f"{about}/RECORD,,", ""]))
    return f"{_DISTRIBUTION}-{distribution.version}-py3-none-any.whl", bundle


def torch_version() -> str:
    """The torch that is installed, as others install it: without the name of the build."""
    return importlib.metadata.version("torch").split("+", 1)[0]


def _add(bundle: Bundle, path: str, folder: Traversable) -> None:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            if not is_a_cache(entry.name):
                _add(bundle, f"{path}/{entry.name}", entry)
        elif not entry.name.endswith(".pyc"):
            bundle.add(f"{path}/{entry.name}", entry.read_bytes())


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _metadata(distribution: importlib.metadata.Distribution) -> str:
    # Run from a checkout, Python may find what setuptools left there before what is installed.
    found = distribution.read_text("METADATA") or distribution.read_text("PKG-INFO")
    if not found:
        raise HarnessError("the installed grader has no metadata", hint="install it anew")
    return found
