"""What the functions of this problem may be given."""

from hypothesis import strategies as st

from grader.checking import call

IDS = st.lists(st.integers(1, 3), max_size=6)
TEXTS = st.text("abcé", max_size=6)
# Learned from "abcabcab" and its like: later merges hold earlier ones.
MERGES = st.sampled_from(
    [
        {},
        {(97, 98): 256},
        {(98, 99): 256, (97, 98): 257},
        {(97, 98): 256, (256, 99): 257, (195, 169): 258},
    ]
)


@st.composite
def decoded(draw):
    merges = draw(MERGES)
    known = [97, 98, 99, 195, 169, *merges.values()]
    return draw(st.lists(st.sampled_from(known), max_size=4)), merges


INPUTS = {
    "most_frequent_pair": st.tuples(IDS),
    "merge": st.tuples(IDS, st.tuples(st.integers(1, 3), st.integers(1, 3)), st.just(256)),
    "train": st.tuples(TEXTS, st.integers(256, 259)),
    "encode": st.tuples(TEXTS, MERGES).map(lambda given: call(*given)),
    "decode": decoded(),
}
