"""The columns hold texts

What a CSV file holds is text, "14.5" and not 14.5, until you make numbers of it with float. See “Reading” in the statement.
"""

import csv

import numpy as np


def read_table(path):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def show_means(table):
    for name, column in table.items():
        print(f"{name}: {column.mean():.2f}")


WARMEST_DAY = 4
