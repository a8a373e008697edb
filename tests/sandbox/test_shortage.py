"""A machine without memory for the grader: one sentence that says so, on both tiers."""

from __future__ import annotations

import errno
import os
import resource
import subprocess

import pytest

from grader.errors import CheckError, OutOfMemory
from grader.jobs import error_of, fault_of
from grader.sandbox import shortage
from tests.conftest import ROOT, command_line

SOLUTION = ROOT / "solutions" / "02-conv-bias" / "solution.py"
MEANT = {
    "MemoryError": MemoryError(),
    "no memory": OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)),
    "torch": RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 64 bytes."),
    "a library": ImportError("libtorch_cpu.so: failed to map segment from shared object"),
    "Windows": OSError("[WinError 1455] The paging file is too small for this operation to complete."),
}
OTHERS = [RuntimeError("shape mismatch"), OSError(errno.ENOENT, "gone"), ImportError("No module named 'torch'")]


@pytest.mark.parametrize("error", MEANT.values(), ids=MEANT)
def test_what_says_that_there_is_no_memory(error: Exception) -> None:
    assert shortage.is_meant_by(error)
    assert isinstance(error_of(fault_of(error)), OutOfMemory)


@pytest.mark.parametrize("error", OTHERS, ids=str)
def test_what_says_something_else(error: Exception) -> None:
    assert not shortage.is_meant_by(error)
    assert not isinstance(error_of(fault_of(error)), OutOfMemory)


def test_what_a_check_says_of_memory_is_the_checks() -> None:
    said = CheckError("RuntimeError: can't allocate memory", where="test_a.py, line 3")
    assert isinstance(error_of(fault_of(said)), CheckError)


@pytest.mark.slow
@pytest.mark.parametrize("sandbox", ["auto", "process"])
@pytest.mark.parametrize("megabytes", [256, 512])
def test_short_of_memory_it_says_so_in_one_line(sandbox: str, megabytes: int) -> None:
    """In so much address space not even torch can be loaded: numpy's own library would try for ever."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    ran = subprocess.run(
        command_line("02", "--submission", SOLUTION, "--sandbox", sandbox),
        cwd=ROOT,
        preexec_fn=limit,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert ran.returncode == 4, ran.stdout + ran.stderr
    assert f"this machine lets a program have {megabytes} MB" in ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
