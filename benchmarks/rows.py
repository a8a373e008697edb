"""What a benchmark reports: a ratio of two things measured side by side, in one run on one machine."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Both sides find what they compiled before, as on a user's machine.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
GRADE = (sys.executable, "-c", "from grader.cli import main; main()")


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    value: float
    target: float
    unit: str
    """What `value` and `target` are: "x" for a ratio, "KB" for a size, "ms" for a difference."""
    higher_is_better: bool
    detail: str
    rates: Mapping[str, float] = field(default_factory=dict)
    """Processor seconds that the simulation of `benchmarks.scaling` starts from, by their names there."""

    @property
    def reached(self) -> bool:
        return self.value >= self.target if self.higher_is_better else self.value <= self.target

    @property
    def measured(self) -> str:
        return f"{self.value:.3g} {self.unit}"

    @property
    def asked(self) -> str:
        return f"{'at least' if self.higher_is_better else 'at most'} {self.target:g} {self.unit}"

    @property
    def verdict(self) -> str:
        return "reached" if self.reached else "MISSED"


def seconds(
    command: Sequence[str | Path], *, env: dict[str, str] | None = None, codes: tuple[int, ...] = (0,)
) -> float:
    """Wall-clock seconds of one command; it must end with one of `codes`."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False)
    elapsed = time.perf_counter() - started
    if done.returncode not in codes:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    return elapsed


def side_by_side(one: Callable[[], float], other: Callable[[], float], *, rounds: int) -> tuple[float, float]:
    """Medians of two measurements that take turns, so that a busy moment meets both."""
    pairs = [(one(), other()) for _ in range(rounds)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def import_torch() -> float:
    """Seconds of `python -c "import torch"`, the measure of most rows."""
    return seconds((sys.executable, "-c", "import torch"))
