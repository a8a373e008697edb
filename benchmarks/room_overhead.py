"""A room with every wall, opened and closed, against a bare fork of a process that holds torch."""

from __future__ import annotations

import gc
import os
import time

from benchmarks.rows import Row, side_by_side

_ROUNDS = 60
_TARGET_MS = 25


def measure() -> list[Row]:
    """One row: milliseconds that a room costs beyond the fork that any grader of its kind pays."""
    from grader.model import Limits
    from grader.sandbox import warm
    from grader.sandbox.forked import borrowed
    from grader.sandbox.launch import Stem

    warm.basics()
    gc.collect()
    gc.freeze()

    def bare() -> float:
        started = time.perf_counter()
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        return time.perf_counter() - started

    with Stem() as stem, borrowed(stem) as sandbox:

        def room() -> float:
            started = time.perf_counter()
            session = sandbox.open(Limits())
            session.end()
            return time.perf_counter() - started

        room(), bare()
        ours, floor = side_by_side(room, bare, rounds=_ROUNDS)
        session = sandbox.open(Limits())
        walls = len(session.walls)
        session.end()
    detail = f"{walls} walls: {ours * 1000:.1f} ms, bare fork {floor * 1000:.1f} ms: {ours / floor:.2f} times"
    return [Row("room over a bare fork", (ours - floor) * 1000, _TARGET_MS, "ms", False, detail)]
