"""The checker where nothing can be forked: one process, which serves one problem and no other."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from grader.jobs import Job, receive
from grader.sandbox.channel import Channel

if TYPE_CHECKING:
    from grader.sandbox.session import Rooms


def main(driver: Channel, rooms: Rooms) -> None:
    """Serve the problem of the first job until the driver hangs up."""
    from grader.checking.runner import ProblemRunner

    first = receive(driver)
    if first is not None:
        job = msgspec.msgpack.decode(first, type=Job)
        os.environ.update(job.environment)
        ProblemRunner(job.problem, rooms, driver, first).run()
