"""What the functions of this problem may be given: the layer is made, then called."""

from hypothesis import strategies as st

from grader.checking import applied, call, tensors


@st.composite
def layers(draw):
    features = draw(st.integers(1, 3))
    return applied(call(features), draw(tensors(draw(st.integers(1, 3)), features)))


INPUTS = {"Scale": layers()}
