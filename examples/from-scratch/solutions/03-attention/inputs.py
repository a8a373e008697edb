"""What the functions of this problem may be given: whole numbers, and scores that float32 tells apart."""

import torch
from hypothesis import strategies as st

from grader.checking import call, tensors

SIZES = st.integers(1, 3)


def small(*shape):
    return tensors(*shape, least=-3, most=3)


@st.composite
def attended(draw):
    """One in two with a mask, in which every query may look at one key at least."""
    t, s, d, e = draw(SIZES), draw(SIZES), draw(st.sampled_from([1, 2, 4])), draw(st.integers(1, 2))
    given = draw(small(t, d)), draw(small(s, d)), draw(small(s, e))
    if not draw(st.booleans()):
        return given
    mask = [draw(st.lists(st.booleans(), min_size=s, max_size=s).filter(any)) for _ in range(t)]
    return call(*given, torch.tensor(mask))


@st.composite
def cut(draw):
    heads, width = draw(SIZES), draw(st.integers(1, 2))
    return draw(small(draw(st.integers(1, 2)), draw(SIZES), heads * width)), heads


@st.composite
def joined(draw):
    return (draw(small(draw(st.integers(1, 2)), draw(SIZES), draw(SIZES), draw(st.integers(1, 2)))),)


@st.composite
def looking_at_itself(draw):
    heads, width, t = draw(st.integers(1, 2)), draw(st.integers(1, 2)), draw(SIZES)
    d = heads * width
    given = draw(small(1, t, d)), draw(small(d, 3 * d)), draw(small(d, d))
    return call(*given, heads, causal=draw(st.booleans()))


INPUTS = {
    "causal_mask": st.tuples(st.integers(1, 4)),
    "attention": attended(),
    "split_heads": cut(),
    "merge_heads": joined(),
    "multi_head_attention": looking_at_itself(),
}
