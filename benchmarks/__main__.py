"""`python -m benchmarks [NAME…]`: print the rows, and end with 1 if one misses its target."""

from __future__ import annotations

import argparse
import importlib
import sys

from rich.console import Console
from rich.table import Table

from benchmarks.results import write_results
from benchmarks.rows import Row

# Slowest last. Each module's measure() brings one row or more.
NAMES = (
    "room_overhead",
    "light",
    "one_grading",
    "first_wrong_answer",
    "spawned",
    "watch",
    "report_size",
    "training",
    "desk",
    "batch",
    "dask",
    "hostile",
    "whole_course",
    "growth",
)


def main(arguments: list[str]) -> int:
    """Measure what was asked for, else everything; everything is written into results.md, too."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks",
        description="Measure the grader's speed, side by side with what each row compares it with.",
        epilog="Leave the machine alone meanwhile. Without a name all are measured, which takes about ten minutes, "
        "and benchmarks/results.md is written. The exit code is 1 where a row misses its target.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}")
    names = parser.parse_args(arguments).names
    for name in names:
        if name not in NAMES:
            parser.error(f"there is no {name}; known: {', '.join(NAMES)}")
    rows: list[Row] = []
    for name in names or NAMES:
        rows += importlib.import_module(f"benchmarks.{name}").measure()
    Console(width=150).print(_table(rows))
    if not names:
        print(f"written to {write_results(rows)}")
    return int(not all(row.reached for row in rows))


def _table(rows: list[Row]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("row", "measured", "target", "", "detail"):
        table.add_column(heading, justify="right" if heading in ("measured", "target") else "left")
    for row in rows:
        table.add_row(row.name, row.measured, row.asked, row.verdict, row.detail)
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
