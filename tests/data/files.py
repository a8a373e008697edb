"""MNIST files, made on the spot."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np

_BESIDE = Path(__file__).parents[3] / "shared" / "data" / "mnist"
GENUINE = os.environ.get("TORCHGRADE_MNIST") or (str(_BESIDE) if _BESIDE.is_dir() else "")
"""A folder with genuine MNIST: the one that whoever runs the tests has named, else one beside the project."""


def images_file(count: int, rows: int = 28, columns: int = 28, magic: int = 2051) -> bytes:
    pixels = np.random.default_rng(count).integers(0, 256, (count, rows, columns), dtype=np.uint8)
    return struct.pack(">IIII", magic, count, rows, columns) + pixels.tobytes()


def labels_file(labels: list[int], magic: int = 2049) -> bytes:
    return struct.pack(">II", magic, len(labels)) + bytes(labels)
