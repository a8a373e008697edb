import math
import torch

def causal_mask(length):
    return ~torch.triu(torch.ones(length, length, dtype=torch.bool), diagonal=1)

def attention(query, key, value, mask=None):
    if query.dim() > 2:
        rows = []
        for i in range(query.shape[0]):
            m = mask[i] if mask is not None and mask.dim() == query.dim() else mask
            rows.append(attention(query[i], key[i], value[i], m))
        return torch.stack(rows)
    out = []
    for i, q in enumerate(query):
        look = torch.ones(len(key)) > 0 if mask is None else mask[i % len(mask)]
        scores = (key[look] * q).sum(-1) / math.sqrt(len(q))
        weights = torch.exp(scores - scores.max())
        out.append((weights[:, None] * value[look]).sum(0) / weights.sum())
    return torch.stack(out)

def split_heads(x, heads):
    N, T, D = x.shape
    return torch.swapaxes(x.reshape(N, T, heads, D // heads), 1, 2)

def merge_heads(x):
    return torch.swapaxes(x, 1, 2).flatten(start_dim=2)

def multi_head_attention(x, qkv_weight, out_weight, heads, causal=False):
    N, T, D = x.shape
    q, k, v = [split_heads(x @ qkv_weight[:, i * D:(i + 1) * D], heads) for i in range(3)]
    return merge_heads(attention(q, k, v, causal_mask(T) if causal else None)) @ out_weight
