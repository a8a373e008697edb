"""Where the tasks of a batch are graded. An executor is one module here and one row in `EXECUTORS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.batch.executors.local import LocalExecutor
from grader.batch.executors.protocol import Done, Executor
from grader.batch.model import Batch, ExecutorName

__all__ = ["EXECUTORS", "Done", "Executor"]


def _local(batch: Batch) -> Executor:
    return LocalExecutor()


def _dask(batch: Batch) -> Executor:
    # Imported where it is asked for: distributed belongs to an extra, and takes half a second.
    from grader.batch.executors.dask import DaskExecutor

    return DaskExecutor(batch.scheduler, batch.course)


EXECUTORS: Mapping[ExecutorName, Callable[[Batch], Executor]] = {
    ExecutorName.LOCAL: _local,
    ExecutorName.DASK: _dask,
}
"""Each name, which is its module's, and what starts one."""
