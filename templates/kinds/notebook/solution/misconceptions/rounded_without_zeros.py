"""Zeros at the end are left out

round(3.0, 2) is 3.0, and is printed like that. f"{x:.2f}" always writes two digits after the point. See “Printing” in the statement.
"""

import csv

import numpy as np


def read_table(path):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def show_means(table):
    for name, column in table.items():
        print(f"{name}: {round(column.mean(), 2)}")


WARMEST_DAY = 4
