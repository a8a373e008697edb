"""MNIST files, made on the spot."""

from __future__ import annotations

import struct

import numpy as np


def images_file(count: int, rows: int = 28, columns: int = 28, magic: int = 2051) -> bytes:
    pixels = np.random.default_rng(count).integers(0, 256, (count, rows, columns), dtype=np.uint8)
    return struct.pack(">IIII", magic, count, rows, columns) + pixels.tobytes()


def labels_file(labels: list[int], magic: int = 2049) -> bytes:
    return struct.pack(">II", magic, len(labels)) + bytes(labels)
