"""Digits drawn by the project itself, for machines without a copy of MNIST.

One image is made so:

    skeleton -> a fixed number of points along the strokes -> bent by two slow waves -> sheared, turned,
    scaled, moved -> ink at the points -> blurred to the width of a pen -> saturated -> stains and noise

All images are made at once, array by array. The only source of chance is `Generator.random`, of numpy's
random numbers the part least likely ever to change; so the same call draws the same digits everywhere, up to
one grey level of rounding. Position, slant and size vary so much that templates fail. A linear model stays far behind a
convolutional network.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from grader.data.glyphs import Stroke, glyphs

SIDE = 28
CLASSES = 10

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

_POINTS = 72
"""Points along a whole skeleton: on most digits less than a pixel apart."""
_BATCH = 2000
"""Images that are drawn together, to bound the memory. Another number would draw other digits."""


def draw_digits(count: int, seed: int) -> tuple[NDArray[np.uint8], Indices]:
    """Draw `count` images, the ten digits equally often (up to one), in random order.

    Returns images (count, 28, 28) uint8 and labels (count,) int64.
    """
    rng = np.random.default_rng(seed)
    labels = (np.arange(count) % CLASSES)[np.argsort(rng.random(count), kind="stable")]
    skeletons, first, variants = _skeleton_table()
    images = np.empty((count, SIDE, SIDE), dtype=np.uint8)
    for start in range(0, count, _BATCH):
        part = labels[start : start + _BATCH]
        chosen = first[part] + (rng.random(len(part)) * variants[part]).astype(np.int64)
        points = _place(_bend(skeletons[chosen], rng), rng)
        images[start : start + _BATCH] = _develop(_ink(points, rng), rng)
    return images, labels.astype(np.int64)


def _between(rng: Generator, low: float, high: float, *shape: int) -> Floats:
    return low + (high - low) * rng.random(shape)


def _bend(points: Floats, rng: Generator) -> Floats:
    """Shift points (N, P, 2) along two slow waves, different ones per image: the elastic part of writing."""
    count = len(points)
    for _ in range(2):
        direction = _between(rng, -1.1, 1.1, count, 1, 2)
        phase = _between(rng, 0, 2 * np.pi, count, 1)
        wave = np.sin(2 * np.pi * (points * direction).sum(axis=2) + phase)
        points = points + wave[:, :, None] * _between(rng, -0.06, 0.06, count, 1, 2)
    return points


def _place(points: Floats, rng: Generator) -> Floats:
    """Shear, turn, scale and move points (N, P, 2) from the unit square onto the 28x28 canvas, in pixels."""
    count = len(points)
    angle = np.deg2rad(_between(rng, -12, 12, count, 1))
    shear = _between(rng, -0.15, 0.15, count, 1)
    width, height = _between(rng, 10, 17, count, 1), _between(rng, 14, 20, count, 1)
    x = (points[:, :, 0] - 0.5) * width
    y = (points[:, :, 1] - 0.5) * height
    x = x - shear * y
    x, y = np.cos(angle) * x - np.sin(angle) * y, np.sin(angle) * x + np.cos(angle) * y
    # Free room on each side, so that no digit is cut by the edge.
    moved = []
    for axis in (x, y):
        low, high = axis.min(axis=1, keepdims=True), axis.max(axis=1, keepdims=True)
        room = np.maximum(SIDE - 4 - (high - low), 0)
        moved.append(axis - low + 1.5 + room * _between(rng, 0.15, 0.85, count, 1))
    return np.stack(moved, axis=2)


def _ink(points: Floats, rng: Generator) -> Floats:
    """Spread points (N, P, 2) over the pixels at a pen's width: densities (N, 28, 28), about 1 on a line."""
    count = len(points)
    step = np.linalg.norm(np.diff(points, axis=1), axis=2)
    step = np.concatenate([step, step[:, -1:]], axis=1)
    # From the end of one stroke to the start of the next the pen is lifted: that step draws nothing.
    step = np.where(step > 3 * np.median(step, axis=1, keepdims=True), 0, step)

    low = np.floor(points).astype(np.int64)
    part = points - low
    canvas = np.zeros(count * SIDE * SIDE)
    image = np.arange(count)[:, None] * SIDE * SIDE
    for right in (0, 1):
        for down in (0, 1):
            x, y = np.clip(low[:, :, 0] + right, 0, SIDE - 1), np.clip(low[:, :, 1] + down, 0, SIDE - 1)
            share = np.abs(1 - right - part[:, :, 0]) * np.abs(1 - down - part[:, :, 1])
            place = (image + y * SIDE + x).ravel()
            canvas += np.bincount(place, weights=(step * share).ravel(), minlength=canvas.size)

    # A Gaussian of a different width per image, as a matrix for rows and columns.
    width = _between(rng, 0.8, 1.15, count, 1, 1)
    offset = np.arange(SIDE)[:, None] - np.arange(SIDE)[None, :]
    blur = np.exp(-0.5 * (offset / width) ** 2)
    blurred = blur @ canvas.reshape(count, SIDE, SIDE) @ blur
    density: Floats = blurred / (np.sqrt(2 * np.pi) * width)
    return density


def _develop(ink: Floats, rng: Generator) -> NDArray[np.uint8]:
    """Densities (N, 28, 28) as uint8 grey levels: saturation, contrast, stains on the paper, noise."""
    count = len(ink)
    grey = 1 - np.exp(-2.5 * ink**1.5)
    grey *= _between(rng, 0.85, 1.0, count, 1, 1)
    at = np.arange(SIDE)
    for _ in range(2):
        row, column = _between(rng, 0, SIDE, 2, count, 1)
        size = _between(rng, 0.5, 1.2, count, 1)
        down, across = np.exp(-(((at - row) / size) ** 2)), np.exp(-(((at - column) / size) ** 2))
        grey += _between(rng, 0.0, 0.6, count, 1, 1) * down[:, :, None] * across[:, None, :]
    grey += 0.05 * (rng.random(ink.shape) + rng.random(ink.shape) - 1)
    levels: NDArray[np.uint8] = np.rint(255 * np.clip(grey, 0, 1)).astype(np.uint8)
    return levels


def _skeleton_table() -> tuple[Floats, Indices, Indices]:
    """All skeletons as points (V, P, 2), and per digit the index of its first variant and their number."""
    variants = [skeletons for _, skeletons in sorted(glyphs().items())]
    counts = np.array([len(each) for each in variants])
    table = np.stack([_evenly(strokes) for each in variants for strokes in each])
    return table, np.cumsum(counts) - counts, counts


def _evenly(strokes: list[Stroke]) -> Floats:
    """Points (P, 2) along the strokes, every stroke getting its share by length."""
    lengths = [sum(np.hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(stroke)) for stroke in strokes]
    ends = np.rint(np.cumsum(lengths) / sum(lengths) * _POINTS).astype(int)
    points = []
    for stroke, number in zip(strokes, np.diff(ends, prepend=0), strict=True):
        corners = np.array(stroke)
        along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
        at = np.linspace(0, along[-1], number)
        points.append(np.stack([np.interp(at, along, axis) for axis in corners.T], axis=1))
    return np.concatenate(points)
