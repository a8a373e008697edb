"""Executors: the table has a row for each module, and what one gives back is data."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from grader.batch.executors import EXECUTORS, Done, failures, protocol, workitem
from grader.batch.executors.failures import Failures
from grader.batch.model import ExecutorName, Task
from grader.errors import GraderError, HarnessError, MissingWallError, ProblemFileError, UsageError
from grader.jobs import FaultKind, error_of, fault_of

TASK = Task("key", "01-double", "content", "ann", "ann/01.py")


def test_each_module_has_a_row() -> None:
    folder = Path(protocol.__file__).parent
    shared = {"__init__", *(Path(str(module.__file__)).stem for module in (failures, protocol, workitem))}
    assert {path.stem for path in folder.glob("*.py")} - shared == set(EXECUTORS) == set(ExecutorName)


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(UsageError("no such thing", hint="another one"), id="usage"),
        pytest.param(ProblemFileError("points: must be a number"), id="problem-file"),
        pytest.param(MissingWallError("no seccomp"), id="wall"),
        pytest.param(HarnessError("it broke"), id="harness"),
    ],
)
def test_a_fault_comes_back_as_it_was(error: GraderError) -> None:
    sent = msgspec.msgpack.encode(Done(TASK, fault=fault_of(error)))
    fault = msgspec.msgpack.decode(sent, type=Done).fault
    assert fault is not None
    again = error_of(fault)
    assert (type(again), again.message, again.hint) == (type(error), error.message, error.hint)


def test_a_bug_is_told_with_its_traceback_but_no_folder_of_this_machine() -> None:
    try:
        msgspec.json.decode(b"{", type=int)
    except msgspec.DecodeError as error:
        fault = fault_of(error)
    assert fault.kind is FaultKind.HARNESS
    assert "test_executors.py" in fault.trace
    assert str(Path(__file__).parent) not in fault.text


def test_what_ends_a_batch() -> None:
    counted = Failures(workers=1)
    for _ in range(7):
        counted.count(fault_of(HarnessError("it broke")))
    with pytest.raises(HarnessError, match=r"8 submissions in a row .*: it broke"):
        counted.count(fault_of(HarnessError("it broke")))
    with pytest.raises(MissingWallError, match="no seccomp"):
        Failures(workers=1).count(fault_of(MissingWallError("no seccomp")))
