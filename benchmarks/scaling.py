"""`python -m benchmarks.scaling`: how long a class takes on a cluster, simulated from measured rates.

A deadline's rush: submissions come in over the last day, half of them in its last hour. Workers take them in chunks, as
the executor for Dask gives them out. Some workers are lost, and with each what it had under way. One problem of a
course trains a network and takes many times as long as the others, and some students' training many times as long
again. The two measured rates stand in rates.json, which `make bench` writes; every figure is an option, and what is
printed names those that were used. With --write the table goes into docs/scaling.md as well.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from benchmarks.rows import ROOT

RATES = ROOT / "benchmarks" / "rates.json"
_PAGE = ROOT / "docs" / "scaling.md"
_HOUR = 3600.0
_CLASSES = (
    (2_400, 2, 0.0),
    (10_000, 16, 0.0),
    (10_000, 16, 24.0),
    (100_000, 64, 24.0),
    (1_000_000, 256, 0.0),
    (1_000_000, 256, 24.0),
)
"""Answers, cores, and the hours over which they come in."""
_HEADINGS = (
    "answers",
    "cores",
    "come in",
    "done after the last",
    "a grade comes after",
    "99 of 100 by",
    "core hours",
    "dollars",
)


@dataclass(frozen=True)
class Assumptions:
    """What a run of the simulation takes as given."""

    quick_seconds: float
    """Processor seconds of one answer to a problem without training; from the row "batch throughput"."""
    training_seconds: float
    """The same of an answer to one that trains; from the row "a whole course"."""
    training_share: float = 1 / 8
    """Of the answers, those to problems that train."""
    spread: float = 0.5
    """Standard deviation of the logarithm of an answer's seconds: slow students' code."""
    slow_share: float = 0.02
    """Of the answers that train, those whose training is slow."""
    slow_seconds: float = 60.0
    endless_share: float = 0.01
    """Answers that never end, and cost the time limit of a problem."""
    endless_seconds: float = 20.0
    start_seconds: float = 10.0
    """Until a worker is ready: torch's import, the walls' trial, the checks' collection."""
    lost_per_hour: float = 0.02
    """Of the workers, those lost in an hour; each comes back after a start."""
    driver_seconds: float = 0.001
    """What the driver does for one answer, one after another."""
    chunk_seconds: float = 1.0
    core_hour: float = 0.04
    """What one core costs for an hour, in dollars: between a cloud's spot and its list price."""


@dataclass(frozen=True)
class Outcome:
    """What came of one run."""

    makespan: float
    """Seconds from the first submission at hand to the last grade."""
    core_hours: float
    waited: tuple[float, float]
    """Seconds from hand-in to grade: the median, and what 99 of 100 stay below."""
    given_again: int
    """Answers that a lost worker had under way."""


def arrivals(count: int, rng: random.Random, *, hours: float) -> list[float]:
    """Seconds at which submissions come in, in order; all at 0 where `hours` is 0. Half come in the last hour."""
    if hours == 0:
        return [0.0] * count
    last = hours * _HOUR
    early = [rng.uniform(0, last) for _ in range(count // 2)]
    late = [last - min(rng.expovariate(1 / (_HOUR / 3)), last) for _ in range(count - count // 2)]
    return sorted(early + late)


def simulate(count: int, cores: int, given: Assumptions, *, hours: float = 0.0, seed: int = 0) -> Outcome:
    """Grade `count` answers on `cores` workers of one thread each."""
    rng = random.Random(seed)
    coming = arrivals(count, rng, hours=hours)
    free = [(given.start_seconds, worker) for worker in range(cores)]
    heapq.heapify(free)
    lost_at = [_until_lost(rng, given) for _ in range(cores)]
    driver, busy, again, last = 0.0, 0.0, 0, 0.0
    waited: list[float] = []
    left = coming[::-1]
    mean = _mean_seconds(given)
    while left:
        at, worker = heapq.heappop(free)
        at = max(at, left[-1])
        # No more than about a second of work, than has come in by now, and than leaves something for the others.
        most = max(1, min(int(given.chunk_seconds / mean), len(left) // (4 * cores)))
        chunk = [left.pop()]
        while left and left[-1] <= at and len(chunk) < most:
            chunk.append(left.pop())
        # The driver gives out and takes in one after another.
        driver = max(driver, at) + given.driver_seconds * len(chunk)
        end = max(driver, at)
        for handed_in in chunk:
            end += _seconds(rng, given)
            waited.append(end - handed_in)
        if end > lost_at[worker]:
            # What it had under way is given to the next one that is free.
            again += len(chunk)
            del waited[-len(chunk) :]
            busy += max(0.0, lost_at[worker] - at)
            back = max(lost_at[worker], at) + given.start_seconds
            lost_at[worker] = back + _until_lost(rng, given)
            left.extend(reversed(chunk))
            heapq.heappush(free, (back, worker))
            continue
        busy += end - at
        last = max(last, end)
        heapq.heappush(free, (end, worker))
    waited.sort()
    return Outcome(last, busy / _HOUR, (waited[count // 2], waited[int(count * 0.99)]), again)


def _until_lost(rng: random.Random, given: Assumptions) -> float:
    return rng.expovariate(given.lost_per_hour / _HOUR) if given.lost_per_hour else float("inf")


def _mean_seconds(given: Assumptions) -> float:
    training = given.slow_share * given.slow_seconds + (1 - given.slow_share) * given.training_seconds
    usual = given.training_share * training + (1 - given.training_share) * given.quick_seconds
    return (1 - given.endless_share) * usual + given.endless_share * given.endless_seconds


def _seconds(rng: random.Random, given: Assumptions) -> float:
    """Of one answer; a log-normal spread leaves the mean as it is."""
    if rng.random() < given.endless_share:
        return given.endless_seconds
    mean = given.quick_seconds
    if rng.random() < given.training_share:
        mean = given.slow_seconds if rng.random() < given.slow_share else given.training_seconds
    return mean * rng.lognormvariate(-(given.spread**2) / 2, given.spread)


def main() -> None:
    """Print a table for the classes and clusters that docs/scaling.md speaks of."""
    parser = argparse.ArgumentParser("python -m benchmarks.scaling", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the table into docs/scaling.md, too")
    usual = Assumptions(**json.loads(RATES.read_text(encoding="utf-8")))
    for name, value in vars(usual).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=value, metavar=f"{value:g}")
    asked = vars(parser.parse_args())
    write = asked.pop("write")
    given = Assumptions(**asked)
    table = Table(*_HEADINGS)
    rows = list(_rows(given))
    for row in rows:
        table.add_row(*row)
    assumed = f"Assumed: {', '.join(f'{name} {value:g}' for name, value in vars(given).items())}."
    console = Console(width=140)
    console.print(table)
    console.print(assumed)
    if write:
        from benchmarks.results import write_between

        heads = [f"| {' | '.join(_HEADINGS)} |", "|---:|---:|---|---:|---:|---:|---:|---:|"]
        lines = [assumed.replace("_", " "), "", *heads, *(f"| {' | '.join(row)} |" for row in rows)]
        write_between(_PAGE, "simulated", lines)
        console.print(f"written to {_PAGE}")


def _rows(given: Assumptions) -> Iterator[tuple[str, ...]]:
    for count, cores, hours in _CLASSES:
        came = simulate(count, cores, given, hours=hours)
        yield (
            f"{count:,}", str(cores), f"over {hours:g} h" if hours else "at once",
            *(_told(seconds) for seconds in (max(came.makespan - hours * _HOUR, 0), *came.waited)),
            f"{came.core_hours:,.1f}", f"{came.core_hours * given.core_hour:,.2f}",
        )  # fmt: skip


def _told(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / _HOUR:.1f} h"


if __name__ == "__main__":
    main()
