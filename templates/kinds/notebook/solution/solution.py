"""The reference: right, and written to be read."""

import csv

import numpy as np


def read_table(path: str) -> dict[str, np.ndarray]:
    """Read a table with a line of names: the name of each column -> its numbers, float64, row by row."""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def show_means(table: dict[str, np.ndarray]) -> None:
    """Print a line for each column, in order: its name, a colon, and its mean with two digits after the point."""
    for name, column in table.items():
        print(f"{name}: {column.mean():.2f}")


WARMEST_DAY = 4
