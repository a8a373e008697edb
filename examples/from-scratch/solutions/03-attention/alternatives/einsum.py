import torch
from torch import einsum

def causal_mask(length):
    i = torch.arange(length)
    return i[:, None] >= i[None, :]

def attention(query, key, value, mask=None):
    scores = einsum("...td,...sd->...ts", query * query.shape[-1] ** -0.5, key)
    if mask is not None:
        scores = torch.where(mask, scores, torch.tensor(float("-inf")))
    return einsum("...ts,...se->...te", scores.softmax(-1), value)

def split_heads(x, heads):
    return x.unflatten(-1, (heads, -1)).permute(0, 2, 1, 3)

def merge_heads(x):
    return x.permute(0, 2, 1, 3).contiguous().view(x.shape[0], x.shape[2], -1)

def multi_head_attention(x, qkv_weight, out_weight, heads, causal=False):
    d = x.shape[-1]
    qkv = einsum("ntd,de->nte", x, qkv_weight)
    q, k, v = qkv[..., :d], qkv[..., d:2 * d], qkv[..., 2 * d:]
    mask = causal_mask(x.shape[1]) if causal else None
    out = attention(*(split_heads(part, heads) for part in (q, k, v)), mask=mask)
    return merge_heads(out) @ out_weight
