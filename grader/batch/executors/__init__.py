"""Where the tasks of a batch are graded. An executor is one module here and one row in `EXECUTORS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.batch.executors.local import LocalExecutor
from grader.batch.executors.protocol import Done, Executor
from grader.batch.model import ExecutorName

__all__ = ["EXECUTORS", "Done", "Executor"]

EXECUTORS: Mapping[ExecutorName, Callable[[], Executor]] = {ExecutorName.LOCAL: LocalExecutor}
"""Each name, which is its module's, and what starts one."""
