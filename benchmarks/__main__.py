"""`python -m benchmarks [NAME…]`: print the rows, and end with 1 if one misses its target."""

from __future__ import annotations

import importlib
import sys

from rich.console import Console
from rich.table import Table

# Slowest last. Each module's measure() brings one row or more.
NAMES = ("room_overhead", "light", "one_grading", "watch", "report_size", "training", "hostile", "batch", "growth")


def main(names: list[str]) -> int:
    """Measure what was asked for, else everything."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"benchmarks: there is no {unknown[0]}; known: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("row", "measured", "target", "", "detail"):
        table.add_column(heading, justify="right" if heading in ("measured", "target") else "left")
    missed = 0
    for name in names or NAMES:
        for row in importlib.import_module(f"benchmarks.{name}").measure():
            missed += not row.reached
            at = "at least" if row.higher_is_better else "at most"
            measured, target = f"{row.value:.3g} {row.unit}", f"{at} {row.target:g} {row.unit}"
            table.add_row(row.name, measured, target, "reached" if row.reached else "MISSED", row.detail)
    Console(width=150).print(table)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
