"""Where a copy of MNIST may lie on this machine, and under which file names."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from grader.common.caches import cache_folder
from grader.errors import HarnessError, UsageError

VARIABLE = "TORCHGRADE_MNIST"
"""Environment variable that names a folder; looked at before the user's cache."""

PUBLISHED_NAMES = (
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
)
TEST_PAIR, TRAINING_PAIR = PUBLISHED_NAMES[:2], PUBLISHED_NAMES[2:]


@dataclass(frozen=True)
class Copy:
    """The files of one copy of MNIST: the t10k pair, and the training pair where there is one."""

    folder: Path
    test: tuple[Path, Path]
    """Images, labels."""
    training: tuple[Path, Path] | None


def chosen_folder() -> Path:
    """The folder in which a copy is looked for, and to which a download goes: the variable's, else the user's cache."""
    named = os.environ.get(VARIABLE, "")
    return Path(named).expanduser() if named else cache_folder() / "mnist"


def find_copy() -> Copy | None:
    """The copy of MNIST that grading will use; None where there is none.

    Raises UsageError if the variable names a folder without MNIST, HarnessError if some files are missing.
    """
    folder = chosen_folder()
    files = {name: path for name in PUBLISHED_NAMES if (path := _spelled(folder, name))}
    if not files:
        if os.environ.get(VARIABLE):
            raise UsageError(
                f"{VARIABLE}: {folder} holds no MNIST files; put {' and '.join(TEST_PAIR)} there"
                " (.gz or not), or unset it"
            )
        return None
    needed = TEST_PAIR if files.keys() <= set(TEST_PAIR) else PUBLISHED_NAMES
    for name in needed:
        if name not in files:
            raise HarnessError(f"{folder / name}: the file is missing; run `grade data fetch` to complete the set")
    training = (files[TRAINING_PAIR[0]], files[TRAINING_PAIR[1]]) if needed is PUBLISHED_NAMES else None
    return Copy(folder, (files[TEST_PAIR[0]], files[TEST_PAIR[1]]), training)


def _spelled(folder: Path, name: str) -> Path | None:
    """The file of that published name in one of its usual spellings; what a download writes comes first."""
    dotted = name.replace("-idx", ".idx")
    for spelling in (f"{name}.gz", name, f"{dotted}.gz", dotted):
        if (folder / spelling).is_file():
            return folder / spelling
    return None
