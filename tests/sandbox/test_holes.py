"""Gaps of the heap are taken, so that rooms do not copy a page for each."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from typing import Any

import pytest

# In a process of its own: what is taken stays taken.
_PROGRAM = """
import ctypes
from grader.sandbox import holes

libc = ctypes.CDLL(None)
libc.mallinfo2.restype = holes._MallInfo2
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes, libc.free.argtypes = [ctypes.c_size_t], [ctypes.c_void_p]

def free_bytes():
    told = libc.mallinfo2()
    return told.fordblks - told.keepcost

pieces = [libc.malloc(size) for size in range(1100, 40000, 130)]
for piece in pieces[::2]:
    libc.free(piece)
before = free_bytes()
taken = holes.fill()
print(before, free_bytes(), taken, holes.fill())
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="this C library does not tell of its heap")
def test_gaps_are_taken_once() -> None:
    told = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    before, after, taken, again = map(int, told.stdout.split())
    assert before > 2_000_000
    assert after < 20_000
    assert taken > 150
    assert again < taken / 2


def test_other_c_libraries_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from grader.sandbox import holes

    class Other:
        def __init__(self, name: Any) -> None:
            pass

    monkeypatch.setattr(holes.ctypes, "CDLL", Other)
    assert holes.fill() == 0
