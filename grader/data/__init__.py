"""Images of digits for the checks: MNIST where this machine has a copy, else digits drawn by the project.

    load()  -> Digits      what a check's `dataset` fixture gives; made once per process
    fetch()                download MNIST, for `grade data fetch`
    find_copy()            the copy that load() would use, without reading it, for `grade doctor`

Importing this package loads neither torch nor numpy: the light commands depend on that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from grader.data.download import ARCHIVES, MIRRORS, Archive, Progress, fetch
from grader.data.places import VARIABLE, Copy, chosen_folder, find_copy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

__all__ = [
    "ARCHIVES",
    "MIRRORS",
    "VARIABLE",
    "Archive",
    "Copy",
    "Digits",
    "Progress",
    "chosen_folder",
    "fetch",
    "find_copy",
    "load",
]

DRAWN_TRAINING, DRAWN_TEST = 6000, 1000
_SEED = 2024
_TEST_SHARE = 5
"""With the t10k pair alone, one image in so many of each digit is kept for testing."""


@dataclass(frozen=True)
class Digits:
    """Images (N, 28, 28) uint8 and labels (N,) int64, in a training and a test part."""

    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor
    source: Literal["mnist", "drawn"]


def load() -> Digits:
    """The digits to grade with; the tensors are shared by all callers.

    Raises UsageError where $TORCHGRADE_MNIST names a folder without MNIST, HarnessError for a damaged file.
    """
    return _load(find_copy())


@lru_cache(maxsize=1)
def _load(copy: Copy | None) -> Digits:
    from grader.data.drawn import draw_digits
    from grader.data.idx import read_pair

    if copy is None:
        images, labels = draw_digits(DRAWN_TRAINING + DRAWN_TEST, _SEED)
        training, test = slice(None, DRAWN_TRAINING), slice(DRAWN_TRAINING, None)
        return _digits(images[training], labels[training], images[test], labels[test], "drawn")
    test_images, test_labels = read_pair(*copy.test)
    if copy.training is not None:
        return _digits(*read_pair(*copy.training), test_images, test_labels, "mnist")
    for_test = _every_nth_of_each_class(test_labels, _TEST_SHARE)
    return _digits(
        test_images[~for_test], test_labels[~for_test], test_images[for_test], test_labels[for_test], "mnist"
    )


def _every_nth_of_each_class(labels: NDArray[np.int64], n: int) -> NDArray[np.bool_]:
    """A stratified mask (N,): of each class the n-th, 2n-th, ... in order of appearance."""
    import numpy as np

    chosen = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        chosen[np.flatnonzero(labels == label)[n - 1 :: n]] = True
    return chosen


def _digits(
    train_images: NDArray[Any],
    train_labels: NDArray[Any],
    test_images: NDArray[Any],
    test_labels: NDArray[Any],
    source: Literal["mnist", "drawn"],
) -> Digits:
    import torch

    # The copies are contiguous and writable, which torch.from_numpy wants; np.frombuffer gives neither.
    def tensor(array: NDArray[Any]) -> Tensor:
        return torch.from_numpy(array.copy())

    return Digits(tensor(train_images), tensor(train_labels), tensor(test_images), tensor(test_labels), source)
