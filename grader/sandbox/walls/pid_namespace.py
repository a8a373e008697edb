"""A process namespace for each room: it sees no process but its own, and none of them outlives it.

The zygote lives in a namespace of its own, as its process 1. For each room it makes a further one, whose process 1
does nothing but wait: when that is killed, the kernel ends all that is in there with it.
"""

from __future__ import annotations

import os

from grader.sandbox.walls import kernel
from grader.sandbox.walls.wall import Ground, RoomPlan, Wall


def _become_first_process(ground: Ground) -> None:
    """Fork into a new process namespace; the caller goes on as its process 1, the parent only waits."""
    kernel.unshare(kernel.CLONE_NEWPID)
    pid = os.fork()
    if pid:
        kernel.guard_process()
        os.closerange(0, 64)
        _, status = os.waitpid(pid, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    kernel.guard_process()
    assert ground.proc is not None  # There is no user namespace without it.
    ground.own_processes = os.open("self/ns/pid", os.O_RDONLY | os.O_CLOEXEC, dir_fd=ground.proc)
    # As each room will; where that is refused, there is none of its own for any.
    kernel.setns(ground.own_processes, kernel.CLONE_NEWPID)


def _make_one(ground: Ground, plan: RoomPlan) -> None:
    assert ground.own_processes is not None
    # Back to our own process namespace, else the kernel refuses to make the next one.
    kernel.setns(ground.own_processes, kernel.CLONE_NEWPID)
    kernel.unshare(kernel.CLONE_NEWPID)
    plan.init_pid = kernel.start_init()


WALL = Wall(
    name="pid-namespace",
    around_all=_become_first_process,
    before_room=_make_one,
    needs=("user-namespace",),
    attempt="os.getpid() != 2",
    breach="it is numbered among the machine's processes",
    opens="a room can see that other processes exist",
    repair="needs user-namespace",
)
