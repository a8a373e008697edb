"""The checker: a process that knows the answers and grades one submission after another. The driver alone speaks to it.

`main` is the entry point that the stem calls in the forked checker. It forks once more for each problem: every
problem's checks are collected once, in a pytest session of their own, and share no module with another's. Jobs and
outcomes are those of `grader.jobs`. All problems share the zygote; one job is under way at a time.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import traceback
from typing import NamedTuple

import msgspec

from grader.common import logs
from grader.errors import HarnessError, OutOfMemory
from grader.jobs import Job, fault_of, pass_on, receive
from grader.model import Problem


def main(driver: socket.socket, control: socket.socket) -> None:
    """Pass every job to the process of its problem, forked at the first job for it."""
    children: dict[str, _Child] = {}
    while (message := receive(driver)) is not None:
        job = msgspec.msgpack.decode(message, type=Job)
        os.environ.update(job.environment)
        logs.note(f"{type(job).__name__} for {job.problem.slug}")
        key = f"{job.problem.folder}@{job.problem.version}"
        if key not in children:
            others = [child.connection for child in children.values()]
            children[key] = _fork_for(job.problem, control, [driver, *others])
        child = children[key]
        try:
            pass_on(child.connection, message)
            outcome = receive(child.connection)
        except OSError:
            outcome = None
        if outcome is None:
            del children[key]
            lost = _how_it_ended(child, job.problem)
            logs.note(lost.message)
            outcome = msgspec.msgpack.encode(fault_of(lost))
        try:
            pass_on(driver, outcome)
        except OSError:
            return  # The driver is gone, and nobody waits for this.


class _Child(NamedTuple):
    """The process of one problem."""

    pid: int
    connection: socket.socket


def _how_it_ended(child: _Child, problem: Problem) -> HarnessError:
    child.connection.close()
    _, status = os.waitpid(child.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGVTALRM:
        why = "was ended: a check did not come back, long after its check_seconds were used"
        return HarnessError(f"the checker of {problem.slug} {why}")
    if code == -signal.SIGKILL:
        # Nothing here kills one: it is what the kernel does where no memory is left.
        return OutOfMemory(f"the checker of {problem.slug} was killed by the system, for want of memory as it seems")
    return HarnessError(f"the checker of {problem.slug} has ended unexpectedly (exit code {code})")


def _fork_for(problem: Problem, control: socket.socket, foreign: list[socket.socket]) -> _Child:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid:
        theirs.close()
        return _Child(pid, ours)
    status = 1
    try:
        ours.close()
        for connection in foreign:
            connection.close()
        from grader.checking.runner import ProblemRunner
        from grader.sandbox.forked import Sandbox

        logs.rename(f"checker of {problem.slug}")
        logs.note("begins")
        ProblemRunner(problem, Sandbox(control), theirs).run()
        status = 0
    except BaseException:
        logs.note(traceback.format_exc())
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)
