import torch
from torch import nn


class Attention(nn.Module):
    def forward(self, q, k, v, mask=None):
        scores = q.matmul(k.transpose(-1, -2)).div(k.size(-1) ** .5)
        if mask is not None:
            scores.masked_fill_(~mask, torch.finfo(scores.dtype).min)
        return nn.Softmax(dim=-1)(scores).matmul(v)


def causal_mask(length):
    return torch.arange(length).unsqueeze(0) <= torch.arange(length).unsqueeze(1)


def attention(query, key, value, mask=None):
    return Attention()(query, key, value, mask)


def split_heads(x, heads):
    return x.reshape(*x.shape[:2], heads, -1).movedim(2, 1)


def merge_heads(x):
    return x.movedim(1, 2).reshape(x.size(0), x.size(2), -1)


def multi_head_attention(x, qkv_weight, out_weight, heads, causal=False):
    qkv = nn.functional.linear(x, qkv_weight.T)
    q, k, v = qkv.reshape(*x.shape[:2], 3, heads, -1).permute(2, 0, 3, 1, 4)
    mask = causal_mask(x.size(1)) if causal else torch.ones(x.size(1), x.size(1), dtype=torch.bool)
    return nn.functional.linear(merge_heads(attention(q, k, v, mask)), out_weight.T)
