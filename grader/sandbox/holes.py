"""Memory for what rooms will ask for, in one place.

An import of torch leaves a thousand small gaps in the heap. A room that is forked from it would be given those first,
each on another page, and every page that is written to is copied first: a third of all copies that a room causes.
With the gaps taken, what it asks for lies side by side. A megabyte is lost by it, once for all rooms.
"""

from __future__ import annotations

import ctypes

# From large to small: what a large piece leaves of a gap is taken by smaller ones. Gaps are multiples of 16 bytes, of
# which the allocator needs 8 itself.
_SIZES = (*(1 << bits for bits in range(16, 10, -1)), *range(1008, 0, -16))
_OVERHEAD = 8
_MOST = 1 << 16


class _MallInfo2(ctypes.Structure):
    """What glibc tells of its heap (mallinfo(3))."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
        )
    )  # fmt: skip


def fill() -> int:
    """Take every gap of this process's heap for ever; how many. Does nothing where the C library is not glibc."""
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "mallinfo2"):
        return 0
    libc.mallinfo2.restype = _MallInfo2
    libc.malloc.restype = libc.sbrk.restype = ctypes.c_void_p
    libc.malloc.argtypes, libc.free.argtypes, libc.sbrk.argtypes = [ctypes.c_size_t], [ctypes.c_void_p], [ctypes.c_long]
    # Beyond this lies what was never asked for.
    end = (libc.sbrk(0) or 0) - libc.mallinfo2().keepcost
    taken = 0
    for size in _SIZES:
        while (at := libc.malloc(size - _OVERHEAD) or 0) and at < end and taken < _MOST:
            taken += 1
        libc.free(at)
    return taken
