"""Numpy arrays on their way into the comparison of tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

FLOAT_RELATIVE = 1e-6
"""By how much a float that was computed by way of float32 may be off, relative to its size."""
FLOAT_ABSOLUTE = 1e-9
_ULPS = 64
"""Of a float32 array, beside its largest number; a float64 array has `FLOAT_RELATIVE`."""


def as_tensor(array: np.ndarray[Any, Any]) -> torch.Tensor | None:
    """A copy as a tensor; None where torch has no such dtype, or can do nothing with it."""
    if array.dtype in (np.uint16, np.uint32):
        array = array.astype(np.int64)
    try:
        return None if array.dtype == np.uint64 else torch.from_numpy(np.array(array, order="C"))
    except (TypeError, ValueError):
        return None


def array_tolerance(expected: np.ndarray[Any, Any]) -> float:
    """As of a single float, relative to the largest of them: sums in another order are no error."""
    if expected.dtype.kind != "f" or not expected.size:
        return 0.0
    sizes = np.abs(expected[np.isfinite(expected)]).astype(float)
    relative = max(FLOAT_RELATIVE, _ULPS * float(np.finfo(expected.dtype).eps))
    return relative * float(sizes.max(initial=0.0)) + FLOAT_ABSOLUTE
