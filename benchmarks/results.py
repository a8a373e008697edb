"""What one run has measured: results.md with the machine and the versions, results.svg, and rates.json."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from benchmarks.plot import plot
from benchmarks.rows import ROOT, Row
from benchmarks.scaling import RATES

_PACKAGES = ("torchgrade", "torch", "numpy", "pytest", "msgspec")


def write_results(rows: Sequence[Row]) -> Path:
    """Write table, picture and rates; the table's path."""
    path = ROOT / "benchmarks" / "results.md"
    path.with_suffix(".svg").write_text(plot(rows), encoding="utf-8")
    path.write_text("\n".join(_lines(rows)) + "\n", encoding="utf-8")
    rates = {name: round(value, 3) for row in rows for name, value in row.rates.items()}
    RATES.write_text(json.dumps(rates, indent=2) + "\n", encoding="utf-8")
    return path


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    yield "# What `make bench` measured"
    yield ""
    yield "Each figure compares two things that were measured in turn, in one run on one machine."
    yield ""
    yield f"- {datetime.now(UTC):%d %B %Y}"
    yield f"- {machine()}"
    yield f"- Python {platform.python_version()}, {', '.join(f'{name} {metadata.version(name)}' for name in _PACKAGES)}"
    yield ""
    yield "![How much of what its target allows each row takes](results.svg)"
    yield ""
    yield "| row | measured | target | | detail |"
    yield "|---|---:|---:|---|---|"
    for row in rows:
        cells = (row.name, row.measured, row.asked, row.verdict, row.detail)
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def write_between(page: Path, name: str, lines: Sequence[str]) -> None:
    """Replace what stands on a page between the comments that begin and end `name`."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    text = page.read_text(encoding="utf-8")
    if not text.count(begin) == text.count(end) == 1:
        raise RuntimeError(f"{page} has no place for {name}: the lines {begin} and {end}, once each")
    before, _, rest = text.partition(begin)
    page.write_text("\n".join([before + begin, *lines, end + rest.partition(end)[2]]), encoding="utf-8")


def machine() -> str:
    """Processor, cores, memory, system."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{_processor()}, {cores} cores, {gigabytes:.0f} GB; {platform.system()} {platform.release()}"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
