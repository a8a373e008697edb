"""Attention, from one query to several heads."""

import math

import torch


def causal_mask(length: int) -> torch.Tensor:
    """Say who may look at whom: bool (T, T), True where position i (row) may look at position j (column).

    Each position may look at itself and at those before it.
    """
    return torch.ones(length, length, dtype=torch.bool).tril()


def attention(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Mix values, weighted by how well keys match the query: (..., T, D), (..., S, D), (..., S, E) -> (..., T, E).

    `mask`: bool, (T, S) or with the same leading axes; False where a query must not look. Each may look somewhere.
    """
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(dim=-1) @ value


def split_heads(x: torch.Tensor, heads: int) -> torch.Tensor:
    """Cut the last axis into heads: (N, T, D) -> (N, heads, T, D / heads); the first head has the first D / heads."""
    batch, length, width = x.shape
    return x.reshape(batch, length, heads, width // heads).transpose(1, 2)


def merge_heads(x: torch.Tensor) -> torch.Tensor:
    """Put heads side by side again, the way back from `split_heads`: (N, H, T, D) -> (N, T, H * D)."""
    return x.transpose(1, 2).flatten(2)


def multi_head_attention(
    x: torch.Tensor, qkv_weight: torch.Tensor, out_weight: torch.Tensor, heads: int, causal: bool = False
) -> torch.Tensor:
    """Let a sequence look at itself with several heads: (N, T, D), (D, 3 D), (D, D) -> (N, T, D).

    The columns of `qkv_weight` make queries, keys and values, D of each, in this order; there are no biases.
    `causal`: each position looks at itself and at those before it alone.
    """
    query, key, value = (split_heads(part, heads) for part in (x @ qkv_weight).chunk(3, dim=-1))
    mask = causal_mask(x.shape[1]) if causal else None
    return merge_heads(attention(query, key, value, mask)) @ out_weight
