"""Images of digits for the checks: MNIST where this machine has a copy, else digits drawn by the project.

load()  -> Digits      what a check's `dataset` fixture gives; made once per process
find_copy()            the copy that load() would use, without reading it
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from grader.data.locations import VARIABLE, Copy, chosen_folder, find_copy
from grader.errors import GraderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

__all__ = [
    "VARIABLE",
    "Copy",
    "Digits",
    "chosen_folder",
    "digest",
    "find_copy",
    "load",
    "state",
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


def state() -> tuple[str, str]:
    """Where MNIST is, or would be looked for; and what is wrong with it."""
    try:
        copy = find_copy()
    except GraderError as error:
        return str(chosen_folder()), error.message
    if copy is not None:
        return f"MNIST in {copy.folder}", ""
    return f"no MNIST in {chosen_folder()}; digits are drawn. grade data fetch gets it", ""


def digest() -> str:
    """Digest of the files that load() reads; "drawn" where digits are drawn."""
    copy = find_copy()
    if copy is None:
        return "drawn"
    digest = hashlib.sha256()
    for path in (*copy.test, *(copy.training or ())):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


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
