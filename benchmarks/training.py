"""Grading problem 05 against the bare forward and backward passes of the same training, in one process."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.rows import GRADE, Row, seconds, side_by_side

# What the two checks that train ask for, with the reference and nothing around it.
_BARE = """
import os, runpy, sys
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
import torch
torch.set_num_threads(1)
from grader.data import mnist as data
reference = runpy.run_path("solutions/05-mnist-cnn/solution.py")
digits = data.load()
for _ in range(int(sys.argv[1])):
    model = reference["CNNClassifier"]()
    for first, last, batch_size, lr in ((0, 800, 5, 0.05), (800, 1000, 10, 0.01)):
        images, labels = digits.train_images[first:last], digits.train_labels[first:last]
        loader = reference["make_loader"](images, labels, batch_size, True)
        reference["train"](model, loader, 1, lr)
    heart = reference["make_loader"](digits.train_images[:4], digits.train_labels[:4], 4)
    reference["train"](reference["CNNClassifier"](), heart, 75, 0.1)
    reference["predict"](model, digits.test_images[:500].unsqueeze(1).float() / 255)
"""


def bare(times: int) -> tuple[str | Path, ...]:
    """The command that trains so many times."""
    return sys.executable, "-c", _BARE, str(times)


def measure() -> list[Row]:
    """One row. The bare process trains the one large network; grading does that and thirty other checks."""
    graded = (*GRADE, "05", "--submission", "solutions/05-mnist-cnn/solution.py")
    ours, trained = side_by_side(lambda: seconds(graded), lambda: seconds(bare(1)), rounds=3)
    return [Row("training problem", ours / trained, 1.3, "x", False, f"{ours:.1f} s, bare {trained:.1f} s")]
