"""What the functions of this problem may be given: whole numbers, as float64 arrays."""

import numpy as np
import torch
from hypothesis import strategies as st

from grader.checking import tensors

SIZES = st.integers(1, 3)


def arrays(*shape, least=-9, most=9):
    return tensors(*shape, least=least, most=most, dtype=torch.float64).map(lambda tensor: tensor.numpy())


@st.composite
def layers(draw):
    n, d, m = draw(SIZES), draw(SIZES), draw(SIZES)
    return draw(arrays(n, d)), draw(arrays(d, m)), draw(arrays(m))


@st.composite
def ways_back(draw):
    n, d, m = draw(SIZES), draw(SIZES), draw(SIZES)
    return draw(arrays(n, m)), draw(arrays(n, d)), draw(arrays(d, m))


@st.composite
def gates(draw):
    n, d = draw(SIZES), draw(SIZES)
    return draw(arrays(n, d)), draw(arrays(n, d, least=-2, most=2))


@st.composite
def logits(draw):
    """Small ones, and such as no exponential can hold."""
    scale = draw(st.sampled_from([1.0, 1.0, 500.0]))
    return draw(arrays(draw(SIZES), draw(st.integers(2, 4)), least=-3, most=3)) * scale


@st.composite
def classified(draw):
    given = draw(logits())
    return given, np.array([draw(st.integers(0, given.shape[1] - 1)) for _ in given])


INPUTS = {
    "affine": layers(),
    "affine_backward": ways_back(),
    "relu_backward": gates(),
    "softmax": logits().map(lambda given: (given,)),
    "cross_entropy": classified(),
}
