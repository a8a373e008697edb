"""A masked score becomes a number that is not low enough

Where scores are large and negative themselves, or the masked one is added to, a number such as -1 or -10 leaves a weight. Use
float("-inf"). See “Masks” in the statement.
"""

import math
import torch

VALUES = (-1.0, -5.0, -10.0)
VALUE = VALUES[0]


def causal_mask(length):
    return torch.tril(torch.ones(length, length)).bool()


def attention(query, key, value, mask=None):
    d = query.size(-1)
    scores = query @ key.transpose(-2, -1) / math.sqrt(d)
    if mask is not None:
        scores = scores.masked_fill(mask == 0, VALUE)
    weights = torch.softmax(scores, dim=-1)
    return weights @ value


def split_heads(x, heads):
    n, t, d = x.shape
    return x.reshape(n, t, heads, d // heads).transpose(1, 2)


def merge_heads(x):
    n, h, t, d = x.shape
    return x.transpose(1, 2).reshape(n, t, h * d)


def multi_head_attention(x, qkv_weight, out_weight, heads, causal=False):
    n, t, d = x.shape
    q, k, v = (x @ qkv_weight).split(d, dim=-1)
    q, k, v = split_heads(q, heads), split_heads(k, heads), split_heads(v, heads)
    mask = causal_mask(t) if causal else None
    out = attention(q, k, v, mask)
    return merge_heads(out) @ out_weight
