"""The hostile submissions of this folder, as data: each begins with what it tries, what stops it, what it must earn.

The first line of a submission's docstring says what it tries; the rest is TOML:

    problem     the problem that it hands in for; 02-conv-bias without it
    stopped_by  the walls and rules that stop it, each by itself or together
    status      of the result, one or several
    at_most     points that it may earn: none, but for what it does honestly
    says        phrases that must be in the messages of the report
    prints      phrases that must be in its printed output
    never       phrases that must be nowhere in the report
    also_held   walls that can be left out, list by list, without any of this changing: others stop it as well
    down        {without: walls that are left out, prints: phrases that it prints then}, to show that it can fail

In a submission, @COURSE@ stands for the course's folder and @CLASSMATE@ for another student's file.
"""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.sandbox.walls import table

FOLDER = Path(__file__).parent
FAMILIES = ("forging", "reading", "escaping", "exhausting", "flooding")

# What stops an attack, besides the walls.
RULES = {
    "process-boundary": "checks, answers and verdicts are in another process",
    "wire": "one answer to each question, with its number, of a known kind",
    "codec": "a closed set of values, with every length checked and every total bounded",
    "claims": "what the room says of an exception or of itself is cut and cleaned before it is used",
    "totals": "all answers of one submission together are bounded",
    "comparison": "type, dtype and shape are compared before values, and shown with bounded effort",
    "deadline": "every call, loading, and the whole have a deadline, kept by SIGKILL",
    "strikes": "a function that killed two rooms is not called again",
    "watch": "operators that a problem forbids are noticed where they run",
    "output-cap": "what is printed is drained, and kept up to a limit",
    "text-cleaning": "control characters and terminal sequences do not pass",
    "hidden-output": "nothing that was printed or raised during a hidden check is kept",
    "coarse-durations": "the duration of a hidden check is told to a tenth of a second",
}


@dataclass(frozen=True)
class Case:
    """One hostile submission."""

    family: str
    name: str
    source: str
    tries: str
    stopped_by: tuple[str, ...]
    problem: str = "02-conv-bias"
    status: tuple[str, ...] = ("graded",)
    at_most: float = 0.0
    says: tuple[str, ...] = ()
    prints: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    also_held: tuple[tuple[str, ...], ...] = ()
    down: dict[str, list[str]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.family}/{self.name}"


def load(path: Path) -> Case:
    """Read one; ValueError where its header is not what the module's docstring says."""
    source = path.read_text(encoding="utf-8")
    words = ast.literal_eval(source[: source.index('"""', 3) + 3])
    tries, _, header = words.partition("\n")
    told = tomllib.loads(header)
    if not tries.endswith(".") or not told.get("stopped_by"):
        raise ValueError(f"{path}: a first line that ends in a full stop, and stopped_by")
    unknown = set(told["stopped_by"]) - set(table.NAMES) - set(RULES)
    if unknown:
        raise ValueError(f"{path}: stopped_by names {sorted(unknown)}")
    status = told.pop("status", "graded")
    also_held = tuple(map(tuple, told.pop("also_held", ())))
    down = told.pop("down", {})
    rest: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}
    statuses = tuple(status) if isinstance(status, list) else (status,)
    return Case(path.parent.name, path.stem, source, tries, status=statuses, also_held=also_held, down=down, **rest)


# Sources that no parser should be given are no .py files.
CASES = [load(path) for family in FAMILIES for path in sorted((FOLDER / family).iterdir()) if path.is_file()]
