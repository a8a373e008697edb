"""What the functions of this problem may be given: whole numbers, as float64 arrays."""

import torch
from hypothesis import strategies as st

from grader.checking import tensors


@st.composite
def logits(draw):
    """Small ones, and such as no exponential can hold."""
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    array = draw(tensors(rows, columns, least=-3, most=3, dtype=torch.float64)).numpy()
    return (array * draw(st.sampled_from([1.0, 500.0])),)


INPUTS = {"softmax": logits()}
