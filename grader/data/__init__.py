"""Data sets that checks may use, in one table: what `data:` of a problem.yaml names, and the fixture `dataset` gives.

    PROVIDERS[name]   how to load a data set, get it, tell whether it is here, and know it again

Importing this package loads neither torch nor numpy: the light commands depend on that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.data import mnist

if TYPE_CHECKING:
    from grader.data.download import Progress


@dataclass(frozen=True)
class Provider:
    """One data set."""

    about: str
    """What it is, in a few words."""
    load: Callable[[], Any]
    """What a check's fixture `dataset` gives; its `source` is one of `sources`. Made once per process."""
    sources: Mapping[str, str]
    """Where the data may come from -> the sentence that a report says of it."""
    fetch: Callable[[Progress], Path]
    """Download it; the folder in which it is complete."""
    state: Callable[[], tuple[str, str]]
    """Where it lies, or what stands in for it; and what is wrong with it."""
    digest: Callable[[], str]
    """A word that changes with the data that `load` gives."""
    variables: tuple[str, ...]
    """Environment variables that say where it lies."""


def _fetch_mnist(progress: Progress) -> Path:
    from grader.data.download import fetch  # What asks the network is loaded where it is asked.

    return fetch(progress=progress)


PROVIDERS: Mapping[str, Provider] = {
    "mnist": Provider(
        "images of handwritten digits",
        mnist.load,
        {
            "mnist": "Images: genuine MNIST digits.",
            "drawn": "Images: digits drawn by torchgrade, because no copy of MNIST was found.",
        },
        _fetch_mnist,
        mnist.state,
        mnist.digest,
        (mnist.VARIABLE,),
    )
}
