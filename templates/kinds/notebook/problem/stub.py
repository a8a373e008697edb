"""What a student starts from: in the notebook, a cell for each function and one for each part that a person grades."""

import numpy as np


def read_table(path: str) -> dict[str, np.ndarray]:
    """Read a table with a line of names: the name of each column -> its numbers, float64, row by row."""
    # TODO: csv.DictReader, of Python's module csv, gives rows of texts; which values belong to one column?
    raise NotImplementedError


def show_means(table: dict[str, np.ndarray]) -> None:
    """Print a line for each column, in order: its name, a colon, and its mean with two digits after the point."""
    # TODO: what does f"{x:.2f}" give?
    raise NotImplementedError


# The day with the highest temperature in data/days.csv.
WARMEST_DAY = ...  # TODO
