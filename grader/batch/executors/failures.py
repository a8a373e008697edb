"""When faults of the grader's end a batch: at once where each submission would meet the same one, else after many."""

from __future__ import annotations

from grader.errors import HarnessError
from grader.jobs import Fault, FaultKind, error_of

_IN_A_ROW = 8
"""More of them are the machine's fault; no submission brings it down so often."""


class Failures:
    """Counts the faults in a row of an executor with so many workers."""

    def __init__(self, workers: int) -> None:
        self._most = max(_IN_A_ROW, 2 * workers)
        self._in_a_row = 0

    def count(self, fault: Fault | None) -> None:
        """Hear of a task's fault, or that it had none. Raises the GraderError that ends the batch."""
        if fault is None:
            self._in_a_row = 0
            return
        if fault.kind is FaultKind.CHECK:
            return  # This is one problem's fault; the answers to the others can be graded.
        if fault.kind not in (FaultKind.HARNESS, FaultKind.OUT_OF_MEMORY):
            raise error_of(fault)
        self._in_a_row += 1
        if self._in_a_row >= self._most:
            raise HarnessError(
                f"{self._in_a_row} submissions in a row failed through the grader's own fault: {fault.text}"
            )
