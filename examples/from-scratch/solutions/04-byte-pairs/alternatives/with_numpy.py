import numpy as np

def most_frequent_pair(ids):
    a = np.asarray(ids, dtype=np.int64)
    if a.size < 2:
        return None
    codes = a[:-1] * 1_000_003 + a[1:]
    _, first, counts = np.unique(codes, return_index=True, return_counts=True)
    at = first[counts == counts.max()].min()
    return int(a[at]), int(a[at + 1])

def merge(ids, pair, new_id):
    out, i, n = [], 0, len(ids)
    while i < n:
        hit = i < n - 1 and ids[i] == pair[0] and ids[i + 1] == pair[1]
        out += [new_id] if hit else [ids[i]]
        i += 1 + hit
    return out

def train(text, vocabulary_size):
    ids = np.frombuffer(text.encode("utf-8"), dtype=np.uint8).tolist()
    merges, new_id = {}, 256
    while new_id < vocabulary_size and len(ids) > 1:
        pair = most_frequent_pair(ids)
        merges[pair] = new_id
        ids = merge(ids, pair, new_id)
        new_id += 1
    return merges

def encode(text, merges):
    ids = np.frombuffer(text.encode("utf-8"), dtype=np.uint8).tolist()
    for pair, new_id in merges.items():
        ids = merge(ids, pair, new_id)
    return ids

def decode(ids, merges):
    table = {}
    for (a, b), i in merges.items():
        table[i] = table.get(a, [a]) + table.get(b, [b])
    return bytes(b for i in ids for b in table.get(i, [i])).decode(errors="replace")
