"""The tiers of the sandbox: how a bench comes by its checker, and what stands between a room and its machine.

forked     a zygote behind walls forks a room for each submission: Linux
spawned    each room is an interpreter of its own, without walls: every system, for one's own work
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from grader.checking import alone, serve
from grader.errors import MissingWallError
from grader.sandbox import job_object
from grader.sandbox.channel import Channel
from grader.sandbox.launch import Stem, why_it_cannot_start
from grader.sandbox.spawned import Spawner


class SandboxMode(StrEnum):
    """How much of the sandbox a command insists on."""

    AUTO = "auto"
    STRICT = "strict"
    PROCESS = "process"


class Processes(Protocol):
    """What a tier has started."""

    def refused_memory(self) -> bool:
        """Whether one of them has ended because it was refused memory."""

    def hang_up(self) -> None:
        """Let everything end, without waiting for it."""

    def close(self) -> None:
        """End everything."""


@dataclass(frozen=True)
class Tier:
    """One way to run a checker and its rooms."""

    name: str
    start: Callable[[], Processes]
    connect: Callable[[Processes, tuple[str, ...], int | None], Channel]
    """A checker, as the channel to it; with walls to leave out and a core to stay on, where a tier has those."""
    one_problem: bool
    """Whether a checker serves the problem of its first job alone."""
    says: str
    """What a student reads of the tier beside a grade; empty where the walls say it."""


def _forked(processes: Processes, without: tuple[str, ...], core: int | None) -> Channel:
    assert isinstance(processes, Stem)
    return processes.worker(serve.main, without=without, core=core)


def _spawned(processes: Processes, without: tuple[str, ...], core: int | None) -> Channel:
    assert isinstance(processes, Spawner)
    return processes.worker(alone.main)


FORKED = Tier("forked", Stem, _forked, one_problem=False, says="")
SPAWNED = Tier(
    "spawned",
    Spawner,
    _spawned,
    one_problem=True,
    says=f"Graded in a plain child process with limits on time, output{job_object.AND_MEMORY}, and without walls: "
    "it could read your files and use the network. Fine for your own work, not for others'.",
)
TIERS = (FORKED, SPAWNED)


def tier_for(mode: SandboxMode) -> Tier:
    """The tier for one's own work. Raises MissingWallError where walls are asked for and there are none."""
    if mode is SandboxMode.PROCESS:
        return SPAWNED
    reason = why_it_cannot_start()
    if reason and mode is SandboxMode.STRICT:
        raise MissingWallError(f"--sandbox strict: there are no walls here, {reason}")
    return SPAWNED if reason else FORKED


def demand_walls(purpose: str) -> None:
    """Raise MissingWallError, before anything is read, where others' work cannot be graded at all."""
    reason = why_it_cannot_start()
    if reason:
        raise MissingWallError(
            f"{purpose} takes the sandbox's walls, and there are none here: {reason}",
            hint="others' work is graded on Linux; your own is graded anywhere, with grade PROBLEM",
        )
