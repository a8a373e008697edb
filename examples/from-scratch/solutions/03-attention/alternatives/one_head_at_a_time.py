import torch
import torch.nn.functional as F

def causal_mask(length):
    mask = torch.zeros(length, length, dtype=torch.bool)
    for row in range(length):
        mask[row, :row + 1] = True
    return mask

def attention(query, key, value, mask=None):
    scores = torch.matmul(query, key.mT) / (key.shape[-1] ** 0.5)
    if mask is not None:
        scores = scores + torch.zeros_like(scores).masked_fill(mask.logical_not(), -torch.inf)
    return torch.matmul(F.softmax(scores, dim=-1), value)

def split_heads(x, heads):
    return torch.stack(x.chunk(heads, dim=-1), dim=1)

def merge_heads(x):
    return torch.cat(list(x.unbind(1)), dim=-1)

def multi_head_attention(x, qkv_weight, out_weight, heads, causal=False):
    wq, wk, wv = qkv_weight.chunk(3, dim=1)
    size = x.shape[-1] // heads
    results = []
    for h in range(heads):
        cols = slice(h * size, (h + 1) * size)
        mask = causal_mask(x.shape[1]) if causal else None
        results.append(attention(x @ wq[:, cols], x @ wk[:, cols], x @ wv[:, cols], mask))
    return torch.cat(results, -1) @ out_weight
