"""Weights, masks and heads, each by itself and all together."""

import pytest
import torch

from grader.checking import assert_close, assert_each_close, assert_equal, fetch

KEY = torch.tensor([[2.0, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0]])
VALUE = torch.tensor([[10.0], [20.0]])


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.idea("Masks")
@pytest.mark.hint("Row i is True up to column i, and there too. The type is bool.")
def test_the_causal_mask(submission):
    """causal_mask lets each position look at itself and at those before it."""
    for length in (3, 1, 5):
        assert_equal(submission.causal_mask(length), torch.ones(length, length).tril().bool())


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.idea("Weights")
@pytest.mark.hint("The second query's scores are ln 3 and 0. Divide by the root of D, which is 4.")
def test_the_worked_queries(submission):
    """attention mixes the two values of the statement."""
    query = torch.tensor([[0.0, 0.0, 0.0, 0.0], [torch.tensor(3.0).log(), 0.0, 0.0, 0.0]])
    assert_close(submission.attention(query, KEY, VALUE), torch.tensor([[15.0], [12.5]]), tolerance=1e-4)


@pytest.mark.points(1.5)
@pytest.mark.idea("Weights")
@pytest.mark.hint("Over which axis do the weights add up to 1? Try 2 queries, 5 keys of 9 entries, values of 4.")
def test_any_sizes(submission, reference, draw):
    """attention is right for any number of queries, keys and entries, and any axes in front."""
    calls = [
        (draw.normal(*lead, t, d), draw.normal(*lead, s, d), draw.normal(*lead, s, e))
        for lead, t, s, d, e in [((), 2, 5, 9, 4), ((), 4, 4, 2, 2), ((2, 3), 3, 2, 5, 1), ((2,), 1, 3, 16, 3)]
    ]
    assert_each_close(submission.attention, reference.attention, calls)


@pytest.mark.points(0.5)
@pytest.mark.idea("Weights")
@pytest.mark.hint("The exponential of 200 is more than a float32 can hold; torch.softmax knows what to do.")
def test_large_scores(submission, reference):
    """attention stays finite where scores are large."""
    query = torch.tensor([[200.0, 0.0, 0.0, 0.0], [-300.0, 1.0, 0.0, 0.0]])
    assert_close(submission.attention(query, KEY, VALUE), reference.attention(query, KEY, VALUE))


@pytest.mark.points(1.5)
@pytest.mark.idea("Masks")
@pytest.mark.hint("False is where a query must not look. Its score becomes -inf before softmax, whatever it was.")
def test_what_is_masked_counts_for_nothing(submission, reference, draw):
    """A key that is masked has no weight at all, and the others add up to 1."""
    query, key, value = draw.normal(2, 3, 4), draw.normal(2, 5, 4), draw.normal(2, 5, 3)
    some = torch.tensor([[True, False, True, False, True], [False, True, False, False, False], [True] * 5])
    each = torch.stack([some, some.flip(1)])
    # What is masked matches far better than all that is not: a weight of almost nothing would show.
    loud = torch.where(some[0][:, None], key, 60 * query[:, :1])
    calls = [(query, key, value, some), (query, key, value, each), (query, loud, 100 * value, some[:1])]
    assert_each_close(submission.attention, reference.attention, calls)


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.idea("Heads")
@pytest.mark.hint("The first head has the first entries of every position.")
def test_the_worked_heads(submission):
    """split_heads cuts the statement's four entries into two heads."""
    x = torch.arange(8.0).reshape(1, 2, 4)
    assert_close(submission.split_heads(x, 2), torch.tensor([[[[0.0, 1.0], [4.0, 5.0]], [[2.0, 3.0], [6.0, 7.0]]]]))


@pytest.mark.points(1)
@pytest.mark.idea("Heads")
@pytest.mark.hint("split_heads: cut the last axis, then exchange two. merge_heads: exchange, then join the last two.")
def test_split_and_merge(submission, reference, draw):
    """split_heads and merge_heads are each other's way back, for any sizes."""
    for heads, shape in [(3, (2, 4, 6)), (1, (1, 3, 2)), (4, (3, 1, 4))]:
        x = draw.normal(*shape)
        split = reference.split_heads(x, heads)
        assert_close(submission.split_heads(x, heads), split)
        assert_close(submission.merge_heads(split), x)


@pytest.mark.points(1.5)
@pytest.mark.idea("All together")
@pytest.mark.hint("Queries first, then keys, then values. Each head divides by the root of its own width.")
def test_several_heads(submission, reference, draw):
    """multi_head_attention projects, attends with each head, and projects again."""
    calls = [
        (draw.normal(n, t, d), draw.normal(d, 3 * d), draw.normal(d, d), heads)
        for n, t, d, heads in [(2, 3, 6, 1), (2, 5, 6, 2), (1, 4, 8, 4)]
    ]
    assert_each_close(submission.multi_head_attention, reference.multi_head_attention, calls)


@pytest.mark.points(1)
@pytest.mark.idea("All together")
@pytest.mark.hint("Change the last position: which results may change?")
def test_nobody_looks_ahead(submission, reference, draw):
    """With causal=True, no position sees one that comes after it."""
    calls = [
        (draw.normal(n, t, 4), draw.normal(4, 12), draw.normal(4, 4), heads, True)
        for n, t, heads in [(2, 3, 2), (1, 5, 1), (1, 1, 4)]
    ]
    assert_each_close(submission.multi_head_attention, reference.multi_head_attention, calls)


@pytest.mark.points(0.5)
@pytest.mark.idea("Side effects")
@pytest.mark.hint("masked_fill_, *= and = on a slice write into a tensor. Whose is it?")
def test_tensors_are_left_alone(submission, reference, library, draw):
    """attention leaves queries, keys, values and the mask as they are."""
    given = draw.normal(3, 4), draw.normal(3, 4), draw.normal(3, 2), torch.ones(3, 3).tril().bool()
    put = [library.put(each) for each in given]
    answer = submission.attention(*put)
    for handle, before in zip(put, given, strict=True):
        assert_equal(fetch(handle), before)
    assert_close(answer, reference.attention(*given))
