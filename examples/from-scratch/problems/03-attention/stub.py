"""Attention, from one query to several heads."""

import torch


def causal_mask(length: int) -> torch.Tensor:
    """Say who may look at whom: bool (T, T), True where position i (row) may look at position j (column).

    Each position may look at itself and at those before it.
    """
    # TODO: a lower triangle of True, with the diagonal.
    raise NotImplementedError


def attention(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Mix values, weighted by how well keys match the query: (..., T, D), (..., S, D), (..., S, E) -> (..., T, E).

    `mask`: bool, (T, S) or with the same leading axes; False where a query must not look. Each may look somewhere.
    """
    # TODO: scores, divided by the root of D; what is masked becomes -inf; softmax over the keys; mix the values.
    raise NotImplementedError


def split_heads(x: torch.Tensor, heads: int) -> torch.Tensor:
    """Cut the last axis into heads: (N, T, D) -> (N, heads, T, D / heads); the first head has the first D / heads."""
    # TODO: first cut the last axis in two, then exchange two axes.
    raise NotImplementedError


def merge_heads(x: torch.Tensor) -> torch.Tensor:
    """Put heads side by side again, the way back from `split_heads`: (N, H, T, D) -> (N, T, H * D)."""
    # TODO: the same steps backwards.
    raise NotImplementedError


def multi_head_attention(
    x: torch.Tensor, qkv_weight: torch.Tensor, out_weight: torch.Tensor, heads: int, causal: bool = False
) -> torch.Tensor:
    """Let a sequence look at itself with several heads: (N, T, D), (D, 3 D), (D, D) -> (N, T, D).

    The columns of `qkv_weight` make queries, keys and values, D of each, in this order; there are no biases.
    `causal`: each position looks at itself and at those before it alone.
    """
    # TODO: project, cut into three, split each, attend, merge, project.
    raise NotImplementedError
